"""What is drawn before any row is made: who is where, and who takes part in what.

Kept as numbers in arrays, because a row of a million workers can't be kept as a row.
"""
