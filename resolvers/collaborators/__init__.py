"""Collaborators of a studio, and what an alliance covers."""
