"""The lecture's fluid problem, written once for each library: value and gradient of one objective.

Each builder takes a `Case` and gives a function velocity -> (loss, gradient). The programs are the
same formulas, written as a user of that library would: array operations, rolled fields, gathers.

Run as a module, one peer times itself in a process of its own and prints JSON; see `fluid`.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as onp

from .one_peer import report


@dataclass(frozen=True)
class Case:
    """A problem of the benchmark: an n x n grid, T steps, K sweeps a projection."""

    n: int
    steps: int
    sweeps: int
    dtype: str

    def arrays(self) -> tuple[onp.ndarray, onp.ndarray, onp.ndarray]:
        """A smooth random velocity (2, n, n), the smoke and the target (n, n)."""
        rng = onp.random.default_rng(7)
        k = onp.fft.fftfreq(self.n, 1 / self.n)
        envelope = onp.exp(-(k[:, None] ** 2 + k[None, :] ** 2) / 32)
        white = rng.standard_normal((2, self.n, self.n))
        velocity = onp.fft.ifft2(onp.fft.fft2(white) * envelope).real
        x = onp.arange(self.n) / self.n
        smoke = 0.5 + 0.5 * onp.sin(6 * onp.pi * x)[:, None] * onp.ones(self.n)
        target = onp.exp(-20 * ((x[:, None] - 0.5) ** 2 + (x[None, :] - 0.5) ** 2))
        velocity *= 0.4 / velocity.std()
        return tuple(a.astype(self.dtype) for a in (velocity, smoke, target))  # type: ignore


CASES = {
    "110": Case(110, 100, 10, "float64"),
    "512": Case(512, 50, 50, "float32"),
    "tiny": Case(16, 4, 3, "float64"),
}

ValueAndGrad = Callable[[Any], tuple[float, onp.ndarray]]


def sciopt(case: Case) -> ValueAndGrad:
    import autodiff.numpy as np
    from autodiff import value_and_grad
    from sciopt.fluid.simulate import rollout

    _, smoke, target = case.arrays()

    def loss(velocity: Any) -> Any:
        final = rollout(velocity, smoke, steps=case.steps, sweeps=case.sweeps)
        return np.mean((final - target) ** 2)

    return value_and_grad(loss)


def compiled(case: Case) -> ValueAndGrad:
    """The plain form in `sciopt.fluid.physics`, recorded and compiled."""
    import autodiff.numpy as np
    from autodiff import value_and_grad
    from sciopt.fluid.physics import Grid, Scheme, simulate

    _, smoke, target = case.arrays()
    scheme = Scheme(Grid((case.n, case.n)), sweeps=case.sweeps)

    def loss(velocity: Any) -> Any:
        end = simulate(scheme, velocity, smoke[None], steps=case.steps)
        return np.mean((end.smoke[0] - target) ** 2)

    return value_and_grad(loss)


def autograd(case: Case) -> ValueAndGrad:
    import autograd.numpy as np
    from autograd import value_and_grad

    return value_and_grad(_array_program(np, case))


def _array_program(np: Any, case: Case) -> Callable[[Any], Any]:
    """The objective in NumPy's own words, for libraries that offer them."""
    _, smoke, target = case.arrays()
    n = case.n
    rows = onp.arange(n, dtype=case.dtype)[:, None]
    columns = rows.T

    def advect(f: Any, vx: Any, vy: Any) -> Any:
        x, y = rows - vx, columns - vy
        left, top = np.floor(x), np.floor(y)
        a, b = x - left, y - top
        i0, j0 = left.astype(int) % n, top.astype(int) % n
        i1, j1 = (i0 + 1) % n, (j0 + 1) % n
        return (1 - a) * ((1 - b) * f[i0, j0] + b * f[i0, j1]) + a * (
            (1 - b) * f[i1, j0] + b * f[i1, j1]
        )

    def difference(f: Any, axis: int) -> Any:
        return np.roll(f, -1, axis) - np.roll(f, 1, axis)

    def project(vx: Any, vy: Any) -> tuple[Any, Any]:
        source = -0.5 * (difference(vx, 0) + difference(vy, 1))
        p = np.zeros((n, n), case.dtype)
        for _ in range(case.sweeps):
            p = (
                source + np.roll(p, 1, 0) + np.roll(p, -1, 0) + np.roll(p, 1, 1) + np.roll(p, -1, 1)
            ) / 4
        return vx - 0.5 * difference(p, 0), vy - 0.5 * difference(p, 1)

    def loss(velocity: Any) -> Any:
        vx, vy, s = velocity[0], velocity[1], smoke
        for _ in range(case.steps):
            vx, vy = project(advect(vx, vx, vy), advect(vy, vx, vy))
            s = advect(s, vx, vy)
        return np.mean((s - target) ** 2)

    return loss


def jax(case: Case, checkpoint: bool = False) -> ValueAndGrad:
    import jax
    import jax.numpy as jnp
    from jax import lax

    jax.config.update("jax_enable_x64", case.dtype == "float64")
    _, smoke, target = case.arrays()
    n = case.n
    rows = jnp.arange(n, dtype=case.dtype)[:, None]
    columns = rows.T

    def advect(f: Any, vx: Any, vy: Any) -> Any:
        x, y = rows - vx, columns - vy
        left, top = jnp.floor(x), jnp.floor(y)
        a, b = x - left, y - top
        i0, j0 = left.astype(jnp.int32) % n, top.astype(jnp.int32) % n
        i1, j1 = (i0 + 1) % n, (j0 + 1) % n
        return (1 - a) * ((1 - b) * f[i0, j0] + b * f[i0, j1]) + a * (
            (1 - b) * f[i1, j0] + b * f[i1, j1]
        )

    def difference(f: Any, axis: int) -> Any:
        return jnp.roll(f, -1, axis) - jnp.roll(f, 1, axis)

    def project(vx: Any, vy: Any) -> tuple[Any, Any]:
        source = -0.5 * (difference(vx, 0) + difference(vy, 1))

        def sweep(_: int, p: Any) -> Any:
            neighbours = (
                jnp.roll(p, 1, 0) + jnp.roll(p, -1, 0) + jnp.roll(p, 1, 1) + jnp.roll(p, -1, 1)
            )
            return (source + neighbours) / 4

        p = lax.fori_loop(0, case.sweeps, sweep, jnp.zeros((n, n), case.dtype))
        return vx - 0.5 * difference(p, 0), vy - 0.5 * difference(p, 1)

    def step(state: Any, _: None) -> tuple[Any, None]:
        vx, vy, s = state
        vx, vy = project(advect(vx, vx, vy), advect(vy, vx, vy))
        return (vx, vy, advect(s, vx, vy)), None

    body = jax.checkpoint(step) if checkpoint else step

    def loss(velocity: Any) -> Any:
        (_, _, s), _ = lax.scan(body, (velocity[0], velocity[1], smoke), None, length=case.steps)
        return jnp.mean((s - target) ** 2)

    compiled = jax.jit(jax.value_and_grad(loss))

    def value_and_grad(velocity: Any) -> tuple[float, onp.ndarray]:
        value, gradient = compiled(velocity)
        return float(value), onp.asarray(gradient)

    return value_and_grad


def jax_checkpoint(case: Case) -> ValueAndGrad:
    return jax(case, checkpoint=True)


def torch(case: Case) -> ValueAndGrad:
    import torch

    torch.set_default_dtype(getattr(torch, case.dtype))
    _, smoke, target = (torch.from_numpy(a) for a in case.arrays())
    n = case.n
    rows = torch.arange(n, dtype=smoke.dtype)[:, None]
    columns = rows.T

    def advect(f: Any, vx: Any, vy: Any) -> Any:
        x, y = rows - vx, columns - vy
        left, top = torch.floor(x).detach(), torch.floor(y).detach()
        a, b = x - left, y - top
        i0, j0 = left.long() % n, top.long() % n
        i1, j1 = (i0 + 1) % n, (j0 + 1) % n
        return (1 - a) * ((1 - b) * f[i0, j0] + b * f[i0, j1]) + a * (
            (1 - b) * f[i1, j0] + b * f[i1, j1]
        )

    def difference(f: Any, axis: int) -> Any:
        return torch.roll(f, -1, axis) - torch.roll(f, 1, axis)

    def project(vx: Any, vy: Any) -> tuple[Any, Any]:
        source = -0.5 * (difference(vx, 0) + difference(vy, 1))
        p = torch.zeros_like(source)
        for _ in range(case.sweeps):
            p = (
                source
                + torch.roll(p, 1, 0)
                + torch.roll(p, -1, 0)
                + torch.roll(p, 1, 1)
                + torch.roll(p, -1, 1)
            ) / 4
        return vx - 0.5 * difference(p, 0), vy - 0.5 * difference(p, 1)

    def value_and_grad(velocity: Any) -> tuple[float, onp.ndarray]:
        v = torch.from_numpy(velocity).requires_grad_(True)
        vx, vy, s = v[0], v[1], smoke
        for _ in range(case.steps):
            vx, vy = project(advect(vx, vx, vy), advect(vy, vx, vy))
            s = advect(s, vx, vy)
        loss = ((s - target) ** 2).mean()
        loss.backward()
        return loss.item(), v.grad.numpy()

    return value_and_grad


PEERS: dict[str, Callable[[Case], ValueAndGrad]] = {
    "sciopt": sciopt,
    "compiled": compiled,
    "jax": jax,
    "jax_checkpoint": jax_checkpoint,
    "torch": torch,
    "autograd": autograd,
}


if __name__ == "__main__":
    name, case_name, seconds, folder = sys.argv[1:]
    case = CASES[case_name]
    report(name, lambda: PEERS[name](case), case.arrays()[0], float(seconds), folder)
