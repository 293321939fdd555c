"""Autograd's name for the module of the vector spaces of arrays."""

from .vspaces import ArrayVSpace, ComplexArrayVSpace

__all__ = ["ArrayVSpace", "ComplexArrayVSpace"]
