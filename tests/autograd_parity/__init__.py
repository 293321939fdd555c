"""Calls of every primitive that Autograd has a rule for, by the primitive's path in the package.

`tests/autodiff/test_autograd_parity.py` compares both libraries on them.
"""

from . import arrays, containers, elementwise, linear_algebra, scipy_functions
from .call import Call
from .registry import primitives_with_rules
from .warts import WARTS

CALLS: dict[str, list[Call]] = {
    **elementwise.CALLS,
    **arrays.CALLS,
    **linear_algebra.CALLS,
    **scipy_functions.CALLS,
    **containers.CALLS,
}
"""Path as `primitives_with_rules` gives it -> calls."""

__all__ = ["CALLS", "WARTS", "Call", "primitives_with_rules"]
