"""JSON written by PostgreSQL."""
