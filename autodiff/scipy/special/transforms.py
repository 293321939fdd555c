"""Rules of the losses and power transforms of statistics: Huber's, Box and Cox's.

Sources: Huber, Robust estimation of a location parameter, Ann. Math. Statist. 35 (1964); Box and
Cox, An analysis of transformations, J. Roy. Statist. Soc. B 26 (1964).
"""

from __future__ import annotations

from typing import Any

from ...numpy.wrapper import wrapped_namespace as anp
from ..partials import def_partials
from .namespace import wrapped_special as sp

_log, _sqrt, _abs = anp["log"], anp["sqrt"], anp["absolute"]


def _huber_in_delta(ans: Any, delta: Any, r: Any) -> Any:
    excess = _abs(r) - delta
    return excess * anp["greater"](excess, 0)


def _steepness(delta: Any, r: Any) -> Any:
    return _sqrt(1 + (r / delta) ** 2)


def _power_slope(value: Any, log_x: Any, lmbda: Any) -> Any:
    """Derivative of (x^lmbda - 1) / lmbda, which is `value`, in lmbda; its limit log(x)^2 / 2."""
    is_log = anp["equal"](lmbda, 0)
    divisor = anp["where"](is_log, 1.0, lmbda)
    slope = (log_x * (1 + lmbda * value) - value) / divisor
    return anp["where"](is_log, 0.5 * log_x * log_x, slope)


def _boxcox_partials(log_of: Any) -> tuple[Any, Any]:
    """In x and lmbda, of boxcox or of boxcox1p; `log_of(x)` is the logarithm of its base."""
    return (
        lambda ans, x, lmbda: anp["exp"]((lmbda - 1) * log_of(x)),
        lambda ans, x, lmbda: _power_slope(ans, log_of(x), lmbda),
    )


def _inverse_partials(log_of: Any) -> tuple[Any, Any]:
    """In y and lmbda, of the inverse: by the implicit function theorem."""
    slope = lambda ans, lmbda: anp["exp"]((1 - lmbda) * log_of(ans))  # noqa: E731
    return (
        lambda ans, y, lmbda: slope(ans, lmbda),
        lambda ans, y, lmbda: -slope(ans, lmbda) * _power_slope(y, log_of(ans), lmbda),
    )


_PARTIALS: dict[str, tuple[Any, ...]] = {
    "huber": (_huber_in_delta, lambda ans, delta, r: anp["clip"](r, -delta, delta)),
    "pseudo_huber": (
        lambda ans, delta, r: (2 * ans - r * r / _steepness(delta, r)) / delta,
        lambda ans, delta, r: r / _steepness(delta, r),
    ),
    "boxcox": _boxcox_partials(_log),
    "boxcox1p": _boxcox_partials(anp["log1p"]),
    "inv_boxcox": _inverse_partials(_log),
    "inv_boxcox1p": _inverse_partials(anp["log1p"]),
    "powm1": (
        lambda ans, x, y: y * anp["power"](x, y - 1),
        lambda ans, x, y: _log(x) * (1 + ans),
    ),
}
for _name, _partials in _PARTIALS.items():
    def_partials(sp[_name], *_partials)
