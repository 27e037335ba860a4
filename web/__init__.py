"""HTTP: the GraphQL endpoint, reports, health checks, authentication, limits and the log."""
