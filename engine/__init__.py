"""Kinds and links, and the statements that answer questions about them: no word of the domain.

A `Kind` says what a table of records is to those who ask; a `Link` says how one leads to another.
Loaders, pages, totals, groups and filters all follow from these declarations.
"""
