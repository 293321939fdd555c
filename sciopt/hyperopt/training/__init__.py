"""The inner problem: minibatches, augmentation, update rules, and the training step.

- `batches` and `augment` are what is random, `draws` both for a run: pure functions of a seed and
  the step, so that any stretch of a run can be taken again, bit for bit.
- `loss` is what training makes small; `rules` how; `schedules` at which rates.
- `inner` joins them into one step and the whole run; `obstacle` says why it cannot be recorded,
  `diagnosis` finds the step that diverges.
"""

from .batches import Batches
from .diagnosis import Divergence, divergence_message, first_bad_step
from .inner import InnerProblem, State, clipped
from .loss import (
    TrainingLoss,
    Weights,
    arguments_in,
    penalty,
    penalty_gradient,
    taken_by_loss,
)
from .obstacle import obstacle_to_recording
from .rules import RULES, Rates, Rule
from .schedules import Schedules

__all__ = [
    "RULES",
    "Batches",
    "Divergence",
    "InnerProblem",
    "Rates",
    "Rule",
    "Schedules",
    "State",
    "TrainingLoss",
    "Weights",
    "arguments_in",
    "clipped",
    "divergence_message",
    "first_bad_step",
    "obstacle_to_recording",
    "penalty",
    "penalty_gradient",
    "taken_by_loss",
]
