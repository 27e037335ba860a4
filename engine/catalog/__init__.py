"""Kinds, links, and how their keys join."""
