"""Autograd's name for the module of traced arrays."""

from .array_box import ArrayBox

__all__ = ["ArrayBox"]
