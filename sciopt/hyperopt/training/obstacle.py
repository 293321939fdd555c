"""Whether training steps can be recorded, and if not, why."""

from __future__ import annotations

from typing import Any

import numpy as np

from autodiff import make_vjp
from autodiff.compile import record

from .inner import InnerProblem
from .loss import arguments_in


def obstacle_to_recording(inner: InnerProblem, seed: int) -> str | None:
    """Why the model's loss cannot be recorded with two derivatives; None if it can.

    A reason names the line of the user's file: a decision on values, say. It is tried on two
    examples.
    """
    hyper = inner.space.values(inner.space.start)
    given = arguments_in(hyper)
    loss, weights = inner.data_loss, inner.initial_weights(hyper, seed)

    def curvature(weights: list[Any], given: dict[str, Any], inputs: Any, targets: Any) -> Any:
        examples = inputs, targets
        pull, g = make_vjp(lambda w: loss.gradient(w, given, examples, {}))(weights)
        return pull(g)

    try:
        with np.errstate(all="ignore"):
            record(curvature, weights, given, inner.inputs[:2], inner.targets[:2])
    except Exception as error:  # noqa: BLE001  (it may be the recording's or anything of the model's)
        return str(error)
    return None
