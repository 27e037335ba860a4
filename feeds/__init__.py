"""Import and export: files are read as proposals, which `resolvers.writing` checks and writes."""
