"""Gradients of the fluid, checked combination by combination, and the table of what was found."""
