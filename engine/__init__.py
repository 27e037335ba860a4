"""Kinds, links, and the queries that follow from them. Knows nothing of the domain.

A `Kind` declares what a table of records is to viewers; a `Link` declares how one kind leads to
another. Loaders, pages, totals, groups and filters follow from these declarations.
"""
