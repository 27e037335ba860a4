"""Import and export: files to proposals, which the write path of resolvers/ judges, and back."""
