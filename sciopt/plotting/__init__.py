"""Figures from run folders: each app's results in, picture files out."""
