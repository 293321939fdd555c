"""Every function that has a rule in `autodiff`, with the modes it has one for."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from importlib import import_module

from autodiff import core
from autodiff.scipy import stats

from .support import Support

NAMESPACES = (
    "numpy",
    "numpy.linalg",
    "numpy.fft",
    "scipy.special",
    "scipy.linalg",
    "scipy.signal",
    "scipy.sparse.linalg",
    "scipy.stats",
)
"""Where a function's public name is looked up, in this order."""


def _public_names() -> Iterator[tuple[Callable[..., object], str]]:
    for namespace in NAMESPACES:
        for name, value in vars(import_module(f"autodiff.{namespace}")).items():
            if callable(value) and not name.startswith("_"):
                yield value, f"{namespace}.{name}"


KINDS = ("pdf", "logpdf", "pmf", "logpmf", "cdf", "logcdf", "sf", "logsf", "ppf", "isf", "entropy")
DISCRETE_ONLY_PLAIN = ("ppf", "isf")
"""Steps in the discrete distributions."""


def families() -> dict[str, list[str]]:
    """Distribution -> its differentiable functions."""
    found = {}
    for name in stats.__all__:
        family = getattr(stats, name)
        steps = DISCRETE_ONLY_PLAIN if hasattr(family, "pmf") else ()
        found[name] = [kind for kind in KINDS if hasattr(family, kind) and kind not in steps]
    return found


def registered() -> dict[str, Support]:
    """Public name -> modes, sorted; a primitive without public name belongs to functions with one.

    All of a function's names are listed: ``numpy.abs`` and ``numpy.absolute``.
    """
    return {
        name: Support(fun in core.primitive_vjps, fun in core.primitive_jvps)
        for fun, name in sorted(_public_names(), key=lambda pair: pair[1])
        if fun in core.primitive_vjps or fun in core.primitive_jvps
    }
