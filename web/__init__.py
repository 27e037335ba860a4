"""What is reached over HTTP: the GraphQL endpoint, the probes, the log."""
