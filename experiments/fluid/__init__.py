"""Measurements and pictures of the fluid application."""
