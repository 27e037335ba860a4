"""Import and export: files become proposals, which `resolvers.writing.write` checks and writes."""
