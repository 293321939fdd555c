"""What other packages take from Autograd's module of forward rules.

The rules themselves are in the modules beside this one, by family.
"""

from __future__ import annotations

from typing import Any

from ..core import def_linear, defjvp, defjvp_argnum
from .array_box import ArrayBox
from .wrapper import wrapped_namespace as anp

__all__ = ["ArrayBox", "broadcast", "def_linear", "defjvp", "defjvp_argnum"]


def broadcast(x: Any, target: Any) -> Any:
    """`x`, stretched to the shape of `target`."""
    return anp["broadcast_to"](x, anp["shape"](target))
