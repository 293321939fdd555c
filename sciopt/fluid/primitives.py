"""The compiled kernels as primitives of `autodiff`: the one module that knows both.

Each operation has both rules, so that gradients, directional derivatives and
`make_jvp_reversemode` work. Second derivatives of the advection are not compiled: asking for one
says so, and the plain form in `physics` has them.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from autodiff.extend import defjvp, defvjp, defvjp_argnums, getval, primitive

from . import kernels

advect = primitive(kernels.advect)
advect_adjoint = primitive(kernels.advect_adjoint)
advect_tangent = primitive(kernels.advect_tangent)
project = primitive(kernels.project)
step = primitive(kernels.step)
step_adjoint = primitive(kernels.step_adjoint)
step_tangent = primitive(kernels.step_tangent)


def _advect_vjp(
    argnums: tuple[int, ...], ans: Any, args: tuple[Any, ...], kwargs: dict[str, Any]
) -> Callable[[Any], list[Any]]:
    fields, velocity = args

    def pull(g: Any) -> list[Any]:
        both = advect_adjoint(g, fields, velocity)
        return [both[argnum] for argnum in argnums]

    return pull


defvjp_argnums(advect, _advect_vjp)
defjvp(
    advect,
    lambda g, ans, fields, velocity: advect(g, velocity),
    lambda g, ans, fields, velocity: advect_tangent(fields, velocity, 0 * fields, g),
)

# The projection is linear and symmetric: it is its own adjoint and its own tangent.
defvjp(project, lambda ans, velocity, sweeps: lambda g: project(g, sweeps))
defjvp(project, "same")

defvjp(step, lambda ans, state, sweeps: lambda g: step_adjoint(g, state, sweeps))
defjvp(step, lambda g, ans, state, sweeps: step_tangent(state, g, sweeps))

# Adjoint and tangent are linear in what they carry, and each other's transpose.
defvjp(step_adjoint, lambda ans, g, state, sweeps: lambda h: step_tangent(state, h, sweeps))
defjvp(step_adjoint, lambda g_dot, ans, g, state, sweeps: step_adjoint(g_dot, state, sweeps))
defvjp(
    step_tangent,
    lambda ans, state, v, sweeps: lambda g: step_adjoint(g, state, sweeps),
    argnums=(1,),
)
defjvp(
    step_tangent,
    lambda v_dot, ans, state, v, sweeps: step_tangent(state, v_dot, sweeps),
    argnums=(1,),
)


# -- many steps in one operation -------------------------------------------------------------------


@primitive
def evolve(state: Any, steps: int, sweeps: int) -> Any:
    """`steps` times `step`, shape (3, nx, ny) to (3, nx, ny).

    The result is the last of all states in one array, which is what its adjoint reads.
    """
    return kernels.rollout(state, steps, sweeps)[-1]


@primitive
def evolve_adjoint(g: Any, state: Any, states: Any, sweeps: int) -> Any:
    """Cotangent of the `state` that `evolve` began with; `states` are all that it went through."""
    return kernels.rollout_adjoint(g, states, sweeps)


def _evolve_vjp(ans: Any, state: Any, steps: int, sweeps: int) -> Callable[[Any], Any]:
    states = getval(ans).base
    return lambda g: evolve_adjoint(g, state, states, sweeps)


def _evolve_jvp(g: Any, ans: Any, state: Any, steps: int, sweeps: int) -> Any:
    for _ in range(steps):
        state, g = step(state, sweeps), step_tangent(state, g, sweeps)
    return g


defvjp(evolve, _evolve_vjp)
defjvp(evolve, _evolve_jvp)
defvjp(
    evolve_adjoint,
    lambda ans, g, state, states, sweeps: (
        lambda h: _evolve_jvp(h, ans, state, len(states) - 1, sweeps)
    ),
)
defjvp(
    evolve_adjoint,
    lambda g_dot, ans, g, state, states, sweeps: evolve_adjoint(g_dot, state, states, sweeps),
)
