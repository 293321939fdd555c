"""Settings of how the outer loss is differentiated."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from sciopt.config import Config

MethodName = Literal["auto", "reverse", "reversible", "forward", "online", "truncated", "implicit"]


class HypergradientConfig(Config):
    """How the gradient of the outer loss is computed."""

    method: MethodName = Field(
        "auto",
        description="reverse through the run, reversible (retraces the run exactly), forward "
        "(few hyperparameters), online (forward, updating during the run), truncated (the last "
        "steps only), implicit (at the optimum), or auto: chosen from counts and memory",
    )
    memory: str | int | None = Field(
        None,
        description='what stored states may take, such as "500 MB"; null stores every state, '
        "and up to 1 GB of what steps computed",
    )
    compiled: bool = Field(
        True,
        description="whether training steps are recorded once and then run compiled; a model that "
        "cannot be recorded runs as it is, and a notice says why",
    )
    last_steps: int = Field(
        50,
        ge=1,
        description="steps that truncated goes back",
        json_schema_extra={"unit": "steps"},
    )
    update_every: int = Field(
        10,
        ge=1,
        description="steps between two updates of online",
        json_schema_extra={"unit": "steps"},
    )
    solver: Literal["cg", "neumann", "fixed-point"] = Field(
        "cg", description="how implicit solves its linear system"
    )
    solver_iterations: int = Field(
        100, ge=1, description="most iterations of the linear solver of implicit"
    )
    damping: float = Field(
        0.0, ge=0, description="added to the diagonal of the Hessian by implicit"
    )
    tolerance: float = Field(
        1e-8, gt=0, description="relative residual at which implicit's solver stops"
    )
    radix_bits: int = Field(
        48,
        ge=20,
        le=56,
        description="bits after the point in reversible's fixed-point numbers",
        json_schema_extra={"unit": "bits"},
    )
    seeds: int = Field(
        1, ge=1, le=10_000, description="training runs averaged for one hypergradient"
    )
    processes: int = Field(
        1, ge=1, le=256, description="processes that share these runs; results do not depend on it"
    )
