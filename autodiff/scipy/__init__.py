"""SciPy, traced: the modules bear the names of SciPy's, and so do the functions in them."""

from . import integrate, signal, special, stats

__all__ = ["integrate", "signal", "special", "stats"]
