"""The methods that `minimize` knows, their options and defaults; what cannot work is refused here.

Checked before a search begins, because SciPy warns of an unknown option and goes on without it.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sciopt.errors import ConfigError, did_you_mean


@dataclass(frozen=True)
class Option:
    """The type of an option's value and the bounds it must keep."""

    kind: type
    low: float = 0.0
    high: float = float("inf")
    above_low: bool = False


_COUNT = Option(int, low=1)
_TOLERANCE = Option(float)
_FRACTION = Option(float, high=1, above_low=True)
_POSITIVE = Option(float, above_low=True)
_OR_DEFAULT = Option(float, low=-1)  # TNC takes a negative number for "your own default"
_WOLFE = {"c1": _FRACTION, "c2": _FRACTION}

METHODS: dict[str, dict[str, Option]] = {
    "L-BFGS-B": {
        "maxcor": _COUNT,
        "maxfun": _COUNT,
        "maxls": _COUNT,
        "ftol": _TOLERANCE,
        "gtol": _TOLERANCE,
    },
    "CG": {"gtol": _TOLERANCE, "norm": _POSITIVE, **_WOLFE},
    "BFGS": {"gtol": _TOLERANCE, "xrtol": _TOLERANCE, "norm": _POSITIVE, **_WOLFE},
    "Newton-CG": {"xtol": _TOLERANCE, **_WOLFE},
    "TNC": {
        "maxfun": _COUNT,
        "maxCGit": Option(int, low=-1),
        "minfev": Option(int),
        "rescale": _OR_DEFAULT,
        "eta": _OR_DEFAULT,
        "stepmx": _TOLERANCE,
        "accuracy": _TOLERANCE,
        "ftol": _OR_DEFAULT,
        "xtol": _OR_DEFAULT,
        "gtol": _OR_DEFAULT,
    },
    "SLSQP": {"ftol": _TOLERANCE},
    "trust-constr": {"gtol": _TOLERANCE, "xtol": _TOLERANCE, "initial_tr_radius": _POSITIVE},
    "Adam": {
        "learning_rate": _POSITIVE,
        "b1": Option(float, high=1),
        "b2": Option(float, high=1),
        "eps": _POSITIVE,
    },
}

# SciPy's tolerances suit objectives of size one. A mean over 10^4 cells has gradients of 10^-5 at
# a poor start, where they would stop the search.
DEFAULTS: dict[str, dict[str, Any]] = {
    "L-BFGS-B": {"maxcor": 20, "ftol": 1e-14, "gtol": 1e-10},
    "CG": {"gtol": 1e-10},
    "BFGS": {"gtol": 1e-10},
    "Newton-CG": {"xtol": 1e-9},
    "SLSQP": {"ftol": 1e-14},
    "trust-constr": {"gtol": 1e-10},
    "Adam": {"learning_rate": 0.1, "b1": 0.9, "b2": 0.999, "eps": 1e-8},
}

_NO_GRADIENT = "uses no gradients and is hopeless with thousands of unknowns"
_HESSIAN = "needs second derivatives, which are not computed here"
_REFUSED = {
    "Nelder-Mead": _NO_GRADIENT,
    "Powell": _NO_GRADIENT,
    "COBYLA": _NO_GRADIENT,
    "COBYQA": _NO_GRADIENT,
    "dogleg": _HESSIAN,
    "trust-ncg": _HESSIAN,
    "trust-exact": _HESSIAN,
    "trust-krylov": _HESSIAN,
}
_DENSE = ("BFGS", "SLSQP", "trust-constr")
_DENSE_COPIES = 4  # the matrix and the temporaries of its update


def check_method(method: str, options: Mapping[str, Any], unknowns: int) -> str:
    """The method's proper spelling, if it exists and can work with these options and this size.

    Args:
        method: a SciPy name or "Adam", in any case.
        unknowns: how many numbers are searched for.
    Raises: ConfigError that names the setting `optimizer` or `optimizer_options`.
    """
    spelling = {name.casefold(): name for name in (*METHODS, *_REFUSED)}
    name = spelling.get(method.casefold())
    if name is None:
        hint = did_you_mean(method, METHODS) or f"; choose one of {', '.join(METHODS)}"
        raise ConfigError(f"optimizer: unknown method {method!r}{hint}")
    if name in _REFUSED:
        raise ConfigError(f"optimizer: {name} {_REFUSED[name]}; choose one of {', '.join(METHODS)}")
    for key, value in options.items():
        _check_option(name, key, value)
    if options.get("c1", 1e-4) >= options.get("c2", 0.4 if name == "CG" else 0.9):
        raise ConfigError("optimizer_options: c1 must be less than c2 (the Wolfe conditions)")
    if name in _DENSE and 8.0 * unknowns**2 * _DENSE_COPIES > _memory():
        raise ConfigError(
            f"optimizer: {name} stores a matrix of {unknowns} x {unknowns} numbers, "
            f"{8 * unknowns**2 / 1e9:.0f} GB and several times that while it works; "
            "choose L-BFGS-B or a smaller size"
        )
    return name


def _check_option(method: str, key: str, value: object) -> None:
    where, known = f"optimizer_options.{key}", METHODS[method]
    if key == "maxiter":
        raise ConfigError(f"{where}: give the setting iterations instead")
    if key not in known:
        hint = did_you_mean(key, known) or f"; {method} has {', '.join(known)}"
        raise ConfigError(f"{where}: {method} has no such option{hint}")
    option = known[key]
    kinds = (int,) if option.kind is int else (int, float)
    if isinstance(value, bool) or not isinstance(value, kinds):
        kind = "a whole number" if option.kind is int else "a number"
        raise ConfigError(f"{where}: must be {kind}, got {value!r}")
    low_kept = option.low < value if option.above_low else option.low <= value
    if not low_kept or value >= option.high:
        low = f"{'more than' if option.above_low else 'at least'} {option.low:g}"
        high = f" and less than {option.high:g}" if option.high < float("inf") else ""
        raise ConfigError(f"{where}: must be {low}{high}, got {value!r}")


def _memory() -> float:
    """Bytes of memory in this machine; infinite where the system does not tell."""
    try:
        return float(os.sysconf("SC_PAGE_SIZE")) * os.sysconf("SC_PHYS_PAGES")
    except (AttributeError, ValueError, OSError):
        return float("inf")
