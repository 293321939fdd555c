"""What programs around derivatives need: flattening, optimisers, recordings."""

from .flatten import flatten
from .tracers import const_graph

__all__ = ["const_graph", "flatten"]
