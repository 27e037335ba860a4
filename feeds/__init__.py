"""Import: from files to proposals, which the write path of resolvers/ then judges."""
