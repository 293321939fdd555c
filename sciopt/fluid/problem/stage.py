"""One level made concrete: from the optimiser's vector to the flow, and to what is made small."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as onp

from sciopt.fluid.config import FluidConfig
from sciopt.fluid.controls import INITIAL_VELOCITY, ControlSet, Domain, Vector
from sciopt.fluid.controls.domain import refine_vectors
from sciopt.fluid.levels import Level
from sciopt.fluid.objectives import Flow, Objective, added
from sciopt.fluid.physics import Scheme, State

from .backend import Backend, choose_backend, run
from .controls import control_set
from .driven import driven_start
from .following import following_forces
from .medium import medium_of
from .memory import memory_budget
from .objectives import kept_steps, objective_of
from .physics import fixed_values, is_incompressible, scheme_of, velocity_at_start
from .pictures import Pictures, read_pictures
from .shooting import free_states, gaps, joints


@dataclass(frozen=True, eq=False)
class Stage:
    """A level of the optimisation.

    Attributes:
        config: the settings.
        level: grid, steps, iterations, blur.
        domain: its cells and steps.
        scheme: how the flow is computed.
        pictures: smoke and targets on its grid.
        fixed: what the simulation takes where no control gives it, by name, of the config's dtype.
        controls: what may be chosen.
        objective: what is made small, penalties on controls aside.
        kept: the steps after which the objective sees the state, rising, the last one too.
        joints: the steps, rising, after which the simulation goes on from a state among the
            controls; none where it is run in one piece.
        backend: what runs the simulation.
        memory: bytes for the states stored for a gradient.
    """

    config: FluidConfig
    level: Level
    domain: Domain
    scheme: Scheme
    pictures: Pictures
    fixed: Mapping[str, Any]
    controls: ControlSet
    objective: Objective
    kept: tuple[int, ...]
    joints: tuple[int, ...]
    backend: Backend
    memory: int

    def values(self, vector: Any) -> dict[str, Any]:
        """What the simulation takes, by name; differentiable."""
        return {**self.fixed, **self.controls.unpack(vector)}

    def flow(self, vector: Any, keep: Sequence[int] | None = None) -> Flow:
        """The flow that a vector gives; differentiable.

        Args:
            keep: other steps than the objective's after which states are kept, rising, from 0; the
                memory for a gradient is then not held to.
        """
        values, steps = self.values(vector), tuple(self.kept if keep is None else keep)
        memory = self.memory if keep is None else None
        states = run(self.backend, self.config, self.scheme, values, steps, memory, self.joints)
        velocity, smoke = zip(*states)
        return Flow(steps, velocity, smoke, values)

    def parts(self, vector: Any, flow: Flow) -> dict[str, Any]:
        """What is made small, in weighted parts by name; differentiable.

        Args:
            flow: the one of that vector.
        """
        missed = {"gaps": self.level.gap * gaps(flow, self.joints)} if self.joints else {}
        return {**self.objective.parts(flow), **self.controls.penalties(vector), **missed}

    def loss(self, vector: Any) -> Any:
        """The sum of all parts."""
        return added(self.parts(vector, self.flow(vector)))

    def start(self, number: int = 0) -> Vector:
        """Where the search begins if no level was before this one.

        Args:
            number: of the start; those after the first have other noise in their velocity.
        """
        parameters, fixed = {}, self.fixed
        if number:
            velocity = velocity_at_start(self.config, self.domain, number)
            parameters[INITIAL_VELOCITY] = velocity
            fixed = {**fixed, "velocity": velocity.astype(self.config.dtype)}
        forces = self.config.controls.forces
        if forces is not None and forces.driven and self.pictures.keyframes:
            parameters["forces"] = driven_start(
                self.scheme, fixed, self.pictures, self.domain, forces, self.config
            )
        return self.clipped(self.controls.vector(parameters))

    def refined(self, vector: Vector, finer: Stage) -> Vector:
        """A vector of this level as one of a finer level: held forces so that the flow is kept.

        On the same grid it is as it was. So is a flow in pieces, whose gaps no force bridges.
        """
        parameters = self.controls.refined(vector, finer.domain)
        forces = self.config.controls.forces
        whole = not (self.joints or finer.joints)
        if (
            forces is not None
            and forces.between == "held"
            and whole
            and self.scheme != finer.scheme
        ):
            first = parameters["forces"]
            values = finer.values(finer.controls.vector(parameters))
            parameters["forces"] = following_forces(
                finer.scheme,
                medium_of(finer.scheme, values, self.config.smoke_enters),
                State(values["velocity"], values["smoke"]),
                self._velocities(vector, finer, len(first), forces.every),
                first,
                forces.every,
                finer.level.steps,
            )
        return finer.clipped(finer.controls.vector(parameters))

    def _velocities(self, vector: Vector, finer: Stage, knots: int, every: int) -> Vector:
        """Of this level's flow, on a finer grid, when the force there changes: (knots, 2, ...)."""
        last = finer.level.steps
        ends = [min(every * (knot + 1), last) for knot in range(knots)]
        steps = [max(1, round(end * self.level.steps / last)) for end in ends]
        keep = sorted(set(steps))
        velocity = dict(zip(keep, self.flow(vector, keep).velocity))
        kept = onp.stack([velocity[step] for step in steps])
        speed = self.domain.speed_factors(finer.domain)
        return speed * refine_vectors(kept, self.domain, finer.domain)

    def clipped(self, vector: Vector) -> Vector:
        """The nearest vector within the bounds: interpolation may leave them."""
        bounds = self.controls.bounds()
        return vector if bounds is None else onp.clip(vector, *bounds)


def build_stage(config: FluidConfig, level: Level) -> Stage:
    """Lay out one level.

    Raises: TargetError if a picture cannot be read or used; ConfigError for settings that do not
        go together.
    """
    scheme = scheme_of(config, level)
    domain = Domain(scheme.grid, level.steps, config.dt)
    incompressible = is_incompressible(config)
    pictures = read_pictures(config, level.shape, level.steps, incompressible)
    fixed = fixed_values(config, domain, pictures.smoke)
    between = joints(level, pictures.keyframes)
    states = free_states(domain, between, pictures.keyframes, fixed, incompressible)
    controls = control_set(config, domain, fixed, states)
    cast = {name: onp.asarray(value).astype(config.dtype) for name, value in fixed.items()}
    names = {*cast, *(c.provides for c in controls.controls)} - {c.provides for c in states}
    kept = kept_steps(config, domain, pictures.keyframes)
    state = cast["velocity"].nbytes + cast["smoke"].nbytes
    every = None if config.controls.forces is None else config.controls.forces.every
    cuts = {*kept, *(range(0, level.steps, every) if every else ())} - {0, level.steps}
    memory = memory_budget(config, state, 1 + len(cuts))
    fits = state * (level.steps + 1 + len(cuts)) <= memory
    return Stage(
        config=config,
        level=level,
        domain=domain,
        scheme=scheme,
        pictures=pictures,
        fixed=cast,
        controls=controls,
        objective=objective_of(config, level, domain, pictures.keyframes),
        kept=tuple(kept),
        joints=between,
        backend=choose_backend(config, scheme, names, fits),
        memory=memory,
    )
