"""Shared by all kinds: access, context, declarations, records."""
