"""Calls of SciPy's special functions, distributions, solvers and the rest of its rules."""

from __future__ import annotations

from typing import Any

import numpy as onp

from .call import Call, of, positives, reals


def special_calls() -> dict[str, list[Call]]:
    a, x = positives(2, 1), reals(3, low=0.2, high=0.8)
    calls: dict[str, list[Call]] = {}
    for name in ("beta", "betaln"):
        path = f"scipy.special.{name}"
        calls[path] = [Call(of(path), pair) for pair in ((a, x), (1.3, 0.4), (x, a))]
    for name in ("gammainc", "gammaincc"):
        path = f"scipy.special.{name}"
        calls[path] = [
            Call(lambda lib, x, f=name, a=order: getattr(lib.scipy.special, f)(a, x), (value,))
            for order in (a, 1.7)
            for value in (x, 0.4)
        ]
    calls["scipy.special.betainc"] = [
        Call(lambda lib, x: lib.scipy.special.betainc(a, 1.6, x), (v,)) for v in (x, 0.4)
    ]
    for name in ("jn", "yn", "iv", "ive"):
        calls[f"scipy.special.{name}"] = [
            Call(lambda lib, x, f=name, n=n: getattr(lib.scipy.special, f)(n, x), (v,))
            for n in (1, 2, 3)
            for v in (positives(3), positives(2, 2))
        ]
    calls["scipy.special.polygamma"] = [
        Call(lambda lib, x, n=n: lib.scipy.special.polygamma(n, x), (positives(2, 3),))
        for n in (0, 1, 2)
    ]
    calls["scipy.special.multigammaln"] = [
        Call(of("scipy.special.multigammaln", d), (v,), single=False)
        for d in (1, 3)
        for v in (3.4, positives(3) + 3)
    ]
    calls["scipy.special.gammasgn"] = [Call(of("scipy.special.gammasgn"), (x,))]
    weights = onp.array([0.5, 2.0, 1.0, 0.3])
    table = reals(3, 4)
    calls["scipy.special.logsumexp"] = [
        Call(of("scipy.special.logsumexp", **options), (table,))
        for options in ({}, {"axis": 0}, {"axis": 1, "keepdims": True}, {"axis": (0, 1)})
    ] + [
        Call(lambda lib, x: lib.scipy.special.logsumexp(x, axis=1, b=weights), (table,)),
        Call(of("scipy.special.logsumexp"), (table[0],)),
    ]
    return calls


def _parameters(path: str, *args: Any, fixed: tuple[Any, ...] = ()) -> Call:
    """A call of a distribution differentiated in the leading arguments only."""
    return Call(of(path, *fixed), args, single=False)


def stats_calls() -> dict[str, list[Call]]:
    x, unit = reals(2, 3), reals(2, 3, low=0.15, high=0.85)
    loc, scale = reals(3, seed=41), positives(2, 1)
    a, b = positives(3), positives(2, 1, seed=42)
    calls: dict[str, list[Call]] = {}
    for kind in ("pdf", "cdf", "sf", "logpdf", "logcdf", "logsf"):
        path = f"scipy.stats.norm.{kind}"
        calls[path] = [_parameters(path, *given) for given in ((x, loc, scale), (x,), (0.3, 0.1))]
    for kind in ("pdf", "logpdf"):
        path = f"scipy.stats.t.{kind}"
        calls[path] = [_parameters(path, *given) for given in ((x, a, loc, scale), (x, 3.5))]
        path = f"scipy.stats.beta.{kind}"
        calls[path] = [_parameters(path, *given) for given in ((unit, a, b), (0.3, 1.2, 2.1))]
        path = f"scipy.stats.gamma.{kind}"
        calls[path] = [_parameters(path, *given) for given in ((unit, a), (0.3, 1.2))]
        path = f"scipy.stats.chi2.{kind}"
        calls[path] = [_parameters(path, v, fixed=(df,)) for v in (unit, 2.3) for df in (3, 4.0)]
        path = f"scipy.stats.dirichlet.{kind}"
        mixture = onp.array([0.2, 0.5, 0.3])
        calls[path] = [Call(of(path), (mixture, positives(3)), single=False)]
        path = f"scipy.stats.multivariate_normal.{kind}"
        calls[path] = [
            Call(
                lambda lib, x, mean, root, path=path: of(path)(
                    lib, x, mean, _covariance(lib, root)
                ),
                (value, reals(3), reals(3, 3)),
                single=False,
            )
            for value in (reals(3, seed=2), reals(4, 3))
        ]
    for path in ("scipy.stats.t.cdf", "scipy.stats.t.logcdf"):
        shifted = lambda lib, x, loc, path=path: of(path)(lib, x, 3.5, loc)  # noqa: E731
        calls[path] = [Call(shifted, (x, loc), single=False)]
    calls["scipy.stats.beta.cdf"] = [
        _parameters("scipy.stats.beta.cdf", v, fixed=(1.2, 2.3)) for v in (unit, 0.4)
    ]
    for name in ("gamma", "chi2"):
        path = f"scipy.stats.{name}.cdf"
        calls[path] = [_parameters(path, v, fixed=(1.7,)) for v in (unit, 0.4)]
    counts = onp.array([0, 2, 5])
    for kind in ("pmf", "logpmf", "cdf"):
        path = f"scipy.stats.poisson.{kind}"
        calls[path] = [
            Call(lambda lib, mu, path=path: of(path)(lib, counts, mu), (mu,), single=False)
            for mu in (positives(3), 1.6)
        ]
    entropy = "scipy.stats.multivariate_normal.entropy"
    calls[entropy] = [
        Call(
            lambda lib, root: of(entropy)(lib, onp.zeros(3), _covariance(lib, root)),
            (reals(3, 3),),
            single=False,
        )
    ]
    return calls


def _covariance(lib: Any, root: Any) -> Any:
    return lib.numpy.dot(root, root.T) + 0.5 * onp.eye(3)


def linalg_calls() -> dict[str, list[Call]]:
    square = reals(3, 3) + 3 * onp.eye(3)
    triangular = "scipy.linalg.solve_triangular"
    bands = onp.array([[0.0, 0.4, 0.3], [3.0, 2.5, 4.0], [0.2, -0.5, 0.0]])
    return {
        "scipy.linalg.sqrtm": [
            Call(lambda lib, x: lib.scipy.linalg.sqrtm(lib.numpy.dot(x, x.T)), (square,))
        ],
        triangular: [
            Call(of(triangular, **options), (square, right))
            for options in ({}, {"lower": True}, {"trans": 1}, {"lower": True, "trans": "T"})
            for right in (reals(3), reals(3, 2))
        ],
        "scipy.linalg.solve_banded": [
            Call(
                lambda lib, ab, b: lib.scipy.linalg.solve_banded((1, 1), ab, b),
                (bands, right),
                single=False,
            )
            for right in (reals(3), reals(3, 1))
        ],
        "scipy.linalg.solve_sylvester": [
            Call(of("scipy.linalg.solve_sylvester"), (square, reals(2, 2) + 3, reals(3, 2)))
        ],
    }


def other_calls() -> dict[str, list[Call]]:
    times = onp.linspace(0.0, 1.0, 4)

    def path_of(lib: Any, y0: Any, rate: Any) -> Any:
        field = lambda y, t, rate: -rate * lib.numpy.sin(y) + t  # noqa: E731
        args = lib.builtins.tuple((rate,))
        return lib.scipy.integrate.odeint(field, y0, times, args, rtol=1e-12, atol=1e-12)

    def root(lib: Any, a: Any) -> Any:
        step = lambda a: lambda x: 0.5 * (x + a / x)  # noqa: E731
        distance = lambda x, y: onp.abs(x - y)  # noqa: E731
        return lib.misc.fixed_points.fixed_point(step, a, 1.0, distance, 1e-14)

    convolve = "scipy.signal.convolve"
    return {
        "scipy.integrate.odeint": [Call(path_of, (reals(2), 0.7), single=False)],
        "misc.fixed_points.fixed_point": [Call(root, (2.3,), single=False)],
        convolve: [
            Call(of(convolve, mode=mode), pair)
            for mode in ("full", "valid")
            for pair in ((reals(5), reals(3)), (reals(4, 5), reals(2, 3)))
        ]
        + [
            Call(
                of(convolve, axes=([1], [1]), dot_axes=([0], [0]), mode="valid"),
                (reals(2, 5), reals(2, 3)),
            )
        ],
    }


CALLS = {**special_calls(), **stats_calls(), **linalg_calls(), **other_calls()}
