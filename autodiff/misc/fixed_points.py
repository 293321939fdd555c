"""Autograd's name for the module of `fixed_point`."""

from ..implicit import fixed_point

__all__ = ["fixed_point"]
