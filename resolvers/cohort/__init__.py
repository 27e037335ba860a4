"""Cohorts of trainees, and promotions after a contest."""
