"""Statements: arguments, parameters, predicates, joins, pages."""
