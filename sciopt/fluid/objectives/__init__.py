"""What is to be minimised: distances of smoke from targets, lift and drag, penalties.

Each is a function of plain or traced arrays in `autodiff.numpy`, differentiable in both modes and
compiled like any other. `Flow` is what a simulation hands over, `Objective` a weighted sum.
"""

from .blurred import blur, blurred_mean_square
from .effort import effort
from .energy import kinetic_energy, mean_energy
from .flow import Flow
from .keyframes import Keyframe, keyframes_mismatch
from .lift_drag import drag, lift, minus_lift_over_drag
from .mean_square import mean_square
from .smoothness import roughness, roughness_of_profile
from .total import Objective, Term, added
from .transport import transport

__all__ = [
    "Flow",
    "Keyframe",
    "Objective",
    "Term",
    "added",
    "blur",
    "blurred_mean_square",
    "drag",
    "effort",
    "keyframes_mismatch",
    "kinetic_energy",
    "lift",
    "mean_energy",
    "mean_square",
    "minus_lift_over_drag",
    "roughness",
    "roughness_of_profile",
    "transport",
]
