"""Drawn before any row is made: the places of people, and their contests and studios.

Kept as numbers in arrays, because a row of a million workers can't be kept as a row.
"""
