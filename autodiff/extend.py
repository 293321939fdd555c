"""The door for authors of primitives, value types and tracers."""

from .core import (
    JVPNode,
    JVPTrace,
    SparseObject,
    Tape,
    VJPNode,
    def_elementwise,
    def_linear,
    defjvp,
    defjvp_argnum,
    defjvp_argnums,
    defvjp,
    defvjp_argnum,
    defvjp_argnums,
)
from .tracer import Box, Node, getval, notrace_primitive, primitive, register_notrace
from .vspace import VSpace, vspace

__all__ = [
    "Box",
    "JVPNode",
    "JVPTrace",
    "Node",
    "SparseObject",
    "Tape",
    "VJPNode",
    "VSpace",
    "def_elementwise",
    "def_linear",
    "defjvp",
    "defjvp_argnum",
    "defjvp_argnums",
    "defvjp",
    "defvjp_argnum",
    "defvjp_argnums",
    "getval",
    "notrace_primitive",
    "primitive",
    "register_notrace",
    "vspace",
]
