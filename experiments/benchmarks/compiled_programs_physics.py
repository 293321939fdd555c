"""Simulations as people write them in NumPy: the programs of `compiled_programs` that compute.

As in `compiled_programs_models`.
"""

from __future__ import annotations

from typing import Any

# -- differential equations ------------------------------------------------------------------------


def lorenz(np: Any, state: Any, rates: Any) -> Any:
    """Slopes of Lorenz's system for an ensemble: state (3, members)."""
    x, y, z = state
    return np.stack([rates[0] * (y - x), x * (rates[1] - z) - y, x * y - rates[2] * z])


def runge_kutta_step(slope: Any, state: Any, dt: float) -> Any:
    """One step of the classical method of order 4."""
    k1 = slope(state)
    k2 = slope(state + 0.5 * dt * k1)
    k3 = slope(state + 0.5 * dt * k2)
    k4 = slope(state + dt * k3)
    return state + dt / 6.0 * (k1 + 2.0 * k2 + 2.0 * k3 + k4)


def ensemble(np: Any, params: Any, targets: Any) -> Any:
    """Distance from targets of an ensemble of Lorenz systems after 15 steps."""
    state, rates = params
    for _ in range(15):
        state = runge_kutta_step(lambda s: lorenz(np, s, rates), state, 0.01)
    return np.mean((state - targets) ** 2)


def ensemble_in_jax(jax: Any, params: Any, targets: Any) -> Any:
    """The loop is a scan."""
    np = jax.numpy
    start, rates = params

    def step(state: Any, _: Any) -> Any:
        return runge_kutta_step(lambda s: lorenz(np, s, rates), state, 0.01), None

    state, _ = jax.lax.scan(step, start, None, length=15)
    return np.mean((state - targets) ** 2)


def forces(np: Any, positions: Any, masses: Any) -> Any:
    """Accelerations by softened gravity; positions (bodies, 3)."""
    gaps = positions[None, :, :] - positions[:, None, :]
    distances = np.sum(gaps**2, axis=-1) + 0.01
    return np.sum((masses * distances**-1.5)[:, :, None] * gaps, axis=1)


def n_body(np: Any, start: Any, masses: Any) -> Any:
    """Size of a cluster after ten leapfrog steps."""
    positions, velocities = start
    for _ in range(10):
        velocities = velocities + 0.01 * forces(np, positions, masses)
        positions = positions + 0.01 * velocities
    return np.sum(positions**2) + np.sum(velocities**2)


def n_body_in_jax(jax: Any, start: Any, masses: Any) -> Any:
    """The loop is a scan."""
    np = jax.numpy

    def step(state: Any, _: Any) -> Any:
        positions, velocities = state
        velocities = velocities + 0.01 * forces(np, positions, masses)
        return (positions + 0.01 * velocities, velocities), None

    (positions, velocities), _ = jax.lax.scan(step, start, None, length=10)
    return np.sum(positions**2) + np.sum(velocities**2)


def wave_step(np: Any, now: Any, before: Any, speed: Any) -> Any:
    """The wave equation on a torus, by rolls."""
    around = np.roll(now, 1, 0) + np.roll(now, -1, 0) + np.roll(now, 1, 1) + np.roll(now, -1, 1)
    return 2.0 * now - before + speed**2 * (around - 4.0 * now)


def wave(np: Any, params: Any, measured: Any) -> Any:
    """Misfit of a measured wave after 20 steps, in the initial shape and the speed of sound."""
    start, speed = params
    before = now = start
    for _ in range(20):
        now, before = wave_step(np, now, before, speed), now
    return np.mean((now - measured) ** 2)


def wave_in_jax(jax: Any, params: Any, measured: Any) -> Any:
    """The loop is a scan."""
    np = jax.numpy
    start, speed = params

    def step(state: Any, _: Any) -> Any:
        now, before = state
        return (wave_step(np, now, before, speed), now), None

    (now, _), _ = jax.lax.scan(step, (start, start), None, length=20)
    return np.mean((now - measured) ** 2)


def heat(np: Any, params: Any, measured: Any) -> Any:
    """Misfit of a plate with cold edges after 20 steps, written into by slices."""
    temperature, conductivity = params
    for _ in range(20):
        inner = temperature[1:-1, 1:-1]
        across = temperature[2:, 1:-1] + temperature[:-2, 1:-1]
        along = temperature[1:-1, 2:] + temperature[1:-1, :-2]
        new = np.zeros(measured.shape)
        new[1:-1, 1:-1] = inner + conductivity * (across + along - 4.0 * inner)
        temperature = new
    return np.mean((temperature - measured) ** 2)


def heat_in_jax(jax: Any, params: Any, measured: Any) -> Any:
    """Arrays that cannot be written into are copied; the loop is a scan."""
    np = jax.numpy
    start, conductivity = params

    def step(temperature: Any, _: Any) -> Any:
        inner = temperature[1:-1, 1:-1]
        across = temperature[2:, 1:-1] + temperature[:-2, 1:-1]
        along = temperature[1:-1, 2:] + temperature[1:-1, :-2]
        changed = inner + conductivity * (across + along - 4.0 * inner)
        return np.zeros(measured.shape).at[1:-1, 1:-1].set(changed), None

    temperature, _ = jax.lax.scan(step, start, None, length=20)
    return np.mean((temperature - measured) ** 2)


# -- filters, tables, pictures, prices -------------------------------------------------------------


def kalman_step(np: Any, state: Any, y: Any, transition: Any, observed: Any, noises: Any) -> Any:
    """Predict, then correct by an observation: (mean, covariance, log-likelihood so far)."""
    mean, covariance, total = state
    mean = transition @ mean
    covariance = transition @ covariance @ transition.T + noises[0] * np.eye(len(mean))
    spread = observed @ covariance @ observed.T + noises[1] * np.eye(len(y))
    gain = np.linalg.solve(spread, observed @ covariance).T
    error = y - observed @ mean
    misfit = error @ np.linalg.solve(spread, error) + np.linalg.slogdet(spread)[1]
    return mean + gain @ error, covariance - gain @ observed @ covariance, total - 0.5 * misfit


def kalman(np: Any, log_noises: Any, observations: Any, transition: Any, observed: Any) -> Any:
    """Negative log-likelihood of a track in the noises of its Kalman filter."""
    n = len(transition)
    state = (np.zeros(n), np.eye(n), 0.0)
    for t in range(len(observations)):
        state = kalman_step(np, state, observations[t], transition, observed, np.exp(log_noises))
    return -state[2]


def kalman_in_jax(
    jax: Any, log_noises: Any, observations: Any, transition: Any, observed: Any
) -> Any:
    """The loop is a scan."""
    np = jax.numpy
    n = len(transition)

    def step(state: Any, y: Any) -> Any:
        return kalman_step(np, state, y, transition, observed, np.exp(log_noises)), None

    state, _ = jax.lax.scan(step, (np.zeros(n), np.eye(n), 0.0), observations)
    return -state[2]


def spline(np: Any, heights: Any, x: Any, y: Any) -> Any:
    """Misfit of a Catmull-Rom curve through equally spaced heights, at points x in (0, 1)."""
    places = x * (len(heights) - 3)
    k = np.floor(places).astype(int)
    t = places - k
    a, b, c, d = heights[k], heights[k + 1], heights[k + 2], heights[k + 3]
    curve = b + 0.5 * t * (c - a + t * (2 * a - 5 * b + 4 * c - d + t * (3 * (b - c) + d - a)))
    bends = heights[2:] - 2.0 * heights[1:-1] + heights[:-2]
    return np.mean((curve - y) ** 2) + 1e-3 * np.sum(bends**2)


def spheres(np: Any, points: Any, centres: Any, radii: Any) -> Any:
    """Distance from points (..., 3) to the nearest of some spheres."""
    gaps = np.sqrt(np.sum((points[..., None, :] - centres) ** 2, axis=-1) + 1e-12) - radii
    return np.min(gaps, axis=-1)


def ray_step(np: Any, scene: Any, directions: Any, picture: Any) -> Any:
    """Misfit of a picture of spheres: rays walk ten steps, and what they hit is lit."""
    centres, radii, light = scene
    reached = np.zeros(len(directions))
    for _ in range(10):
        gap = spheres(np, reached[:, None] * directions, centres, radii)
        reached = np.where(gap > 1e-3, reached + gap, reached)
    points = reached[:, None] * directions
    hit = spheres(np, points, centres, radii) < 0.1
    nearest = np.argmin(np.sum((points[:, None, :] - centres) ** 2, axis=-1), axis=-1)
    normals = points - centres[nearest]
    normals = normals / np.sqrt(np.sum(normals**2, axis=-1, keepdims=True) + 1e-12)
    shade = np.where(hit, np.clip(normals @ light, 0.05, 1.0), 0.0)
    return np.mean((shade - picture) ** 2)


def option_price(np: Any, params: Any, normals: Any) -> Any:
    """Price of an Asian option by simulated paths; normals (paths, steps)."""
    spot, rate, volatility = params
    dt = 1.0 / normals.shape[1]
    growth = (rate - 0.5 * volatility**2) * dt + volatility * dt**0.5 * normals
    paths = spot * np.exp(np.cumsum(growth, axis=1))
    return np.exp(-rate) * np.mean(np.maximum(np.mean(paths, axis=1) - 1.0, 0.0))
