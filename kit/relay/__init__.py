"""Cursors and global ids."""
