"""The initial velocity as the curl of a stream function: free of divergence by construction."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

import numpy as onp
from numpy.typing import NDArray

import autodiff.numpy as np
from sciopt.errors import ConfigError
from sciopt.fluid.axes import Periodic, difference_matrix
from sciopt.fluid.objectives import effort, roughness

from .control import Control, Parameter, weighted
from .domain import Domain, refine

NAME = "stream function"

_NULL = 1e-9  # of an eigenvalue between 0 and 2


def stream_function(
    domain: Domain,
    start: Any = None,
    *,
    limit: float = onp.inf,
    effort_weight: float = 0.0,
    smoothness_weight: float = 0.0,
) -> Control:
    """v = (D_y psi, -D_x psi) + drift, with the central differences D that the projection uses.

    Differences along two axes commute, so the discrete divergence D_x v_x + D_y v_y is round-off.
    psi vanishes at walls and goes on behind them with the other sign, so nothing flows through. A
    periodic stream function has no mean flow: the drift, one number for each axis, is that.

    Moving psi cell by cell would move short waves much faster than long ones, and the search would
    hardly get on. So the parameter is z with psi = (D_x^T D_x + D_y^T D_y)^(-1/2) z: the velocity
    has the norm of z, and a search for z goes as well as one for a velocity would.

    Args:
        start: the parameter, z and then the drift times the root of the number of cells, shape
            (nx * ny + 2,); still if None. See `parameter_of`.
        limit: of the size of psi, cells^2 per step, kept by limit * tanh(psi / limit): at most
            twice this flows between any two places. The drift has none.
        effort_weight, smoothness_weight: as for the initial velocity, of v.
    Value: "velocity", shape (2, nx, ny), cells per step.
    Raises: ConfigError if an axis is a channel, or the limit is not above 0.
    """
    if "channel" in domain.boundary:
        raise ConfigError(
            f"{NAME}: nothing of it flows through the sides, so it is none for a channel;"
            " control the initial velocity or the inflow"
        )
    if not limit > 0:
        raise ConfigError(f"{NAME}: its limit must be above 0, got {limit:g}")
    cells = domain.shape[0] * domain.shape[1]
    first = onp.zeros(cells + 2) if start is None else onp.asarray(start, onp.float64)

    def value(parameter: Any) -> Any:
        psi, drift = psi_and_drift(parameter, domain)
        if limit < onp.inf:
            psi = limit * np.tanh(psi / limit)
        return velocity_of(psi, domain) + np.reshape(drift, (2, 1, 1))

    def penalties(parameter: Any) -> dict[str, Any]:
        return weighted(
            NAME,
            effort=(effort_weight, lambda: effort(value(parameter))),
            roughness=(smoothness_weight, lambda: roughness(value(parameter), domain.periodic)),
        )

    return Control(
        name=NAME,
        provides="velocity",
        start=first,
        unit=1.0,
        low=-onp.inf,
        high=onp.inf,
        value=value,
        penalties=penalties,
        refine=lambda parameter, finer: refine_stream_function(parameter, domain, finer),
        measure="cells per step",
    )


def velocity_of(psi: Any, domain: Domain) -> Any:
    """(D_y psi, -D_x psi). Shape (nx, ny) to (2, nx, ny)."""
    rows, columns = _differences(domain)
    return np.stack([psi @ columns.T.astype(psi.dtype), -(rows.astype(psi.dtype) @ psi)])


def divergence(velocity: Any, domain: Domain) -> Any:
    """D_x v_x + D_y v_y, nothing flowing through walls. Shape (2, nx, ny) to (nx, ny)."""
    rows, columns = _differences(domain)
    along_x = rows.astype(velocity.dtype) @ velocity[0]
    return along_x + velocity[1] @ columns.T.astype(velocity.dtype)


def psi_and_drift(parameter: Any, domain: Domain) -> tuple[Any, Any]:
    """The stream function, (nx, ny), and the mean velocity, (2,): zero across walls."""
    nx, ny = domain.shape
    z = np.reshape(parameter[:-2], (nx, ny))
    along = onp.array(domain.periodic, float) / onp.sqrt(nx * ny)
    return _scaled(z, domain, -0.5), parameter[-2:] * along.astype(parameter.dtype)


def parameter_of(psi: NDArray[Any], drift: NDArray[Any], domain: Domain) -> Parameter:
    """The parameter of a stream function, (nx, ny), and a drift, (2,).

    What of psi is in no velocity, such as a constant, is lost.
    """
    cells = domain.shape[0] * domain.shape[1]
    z = onp.asarray(_scaled(psi, domain, 0.5))
    return onp.append(z.ravel(), onp.sqrt(cells) * onp.asarray(drift))


def refine_stream_function(parameter: Parameter, domain: Domain, finer: Domain) -> Parameter:
    """A stream function and its drift in another domain; it counts cells along both axes."""
    psi, drift = psi_and_drift(parameter, domain)
    speed = domain.speed_factors(finer).ravel()
    factor = speed[0] * speed[1] * domain.time_ratio(finer)
    refined = factor * refine(psi, domain, finer, ("odd", "odd"))
    return parameter_of(refined, speed * drift, finer)


def _differences(domain: Domain) -> tuple[NDArray[Any], NDArray[Any]]:
    rows, columns = (
        difference_matrix(cells, periodic, "odd")
        for cells, periodic in zip(domain.shape, domain.periodic)
    )
    return rows, columns


def _scaled(field: Any, domain: Domain, power: float) -> Any:
    """(D_x^T D_x + D_y^T D_y)^power of a field, (nx, ny); its null space is left out."""
    x, y, eigenvalues = _eigenbasis(domain.shape, domain.periodic)
    with onp.errstate(divide="ignore"):
        factors = onp.where(eigenvalues > _NULL, eigenvalues**power, 0.0).astype(field.dtype)
    x, y = x.astype(field.dtype), y.astype(field.dtype)
    return x @ ((x.T @ field @ y) * factors) @ y.T


@lru_cache(maxsize=8)
def _eigenbasis(
    shape: tuple[int, int], periodic: Periodic
) -> tuple[NDArray[Any], NDArray[Any], NDArray[Any]]:
    """Eigenvectors of D^T D along each axis, and the sums of their eigenvalues, (nx, ny)."""
    pairs = []
    for cells, wraps in zip(shape, periodic):
        difference = difference_matrix(cells, wraps, "odd")
        pairs.append(onp.linalg.eigh(difference.T @ difference))
    (x_values, x), (y_values, y) = pairs
    return x, y, onp.maximum(x_values[:, None], 0.0) + onp.maximum(y_values, 0.0)
