"""Gradient-based scientific optimisation on a bundled autodiff core."""

__version__ = "0.1.0"
