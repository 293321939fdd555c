"""What the optimiser may choose: velocities, forces, smoke, inflow, obstacles, coefficients.

Each function here makes one `Control` in a `Domain`; a `ControlSet` packs any of them into one
vector and unpacks it, differentiably, into what the simulation takes.
"""

from .coefficients import buoyancy, viscosity
from .control import Control
from .control_set import ControlSet, Vector
from .domain import Domain
from .forces import forces, mean_per_knot
from .inflow import inflow
from .obstacle import obstacle, theta_of
from .smoke import initial_smoke
from .state import free_state, state_of, value_names
from .stream_function import parameter_of as stream_function_parameter
from .stream_function import stream_function
from .velocity import NAME as INITIAL_VELOCITY
from .velocity import initial_velocity

__all__ = [
    "INITIAL_VELOCITY",
    "Control",
    "ControlSet",
    "Domain",
    "Vector",
    "buoyancy",
    "forces",
    "free_state",
    "inflow",
    "initial_smoke",
    "initial_velocity",
    "mean_per_knot",
    "obstacle",
    "state_of",
    "stream_function",
    "stream_function_parameter",
    "theta_of",
    "value_names",
    "viscosity",
]
