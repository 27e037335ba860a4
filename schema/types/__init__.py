"""Makes GraphQL types from declarations."""
