"""Compiled kernels of the fluid simulation: plain arrays in, fresh plain arrays out.

Axis 0 of a field is x, axis 1 is y; the grid is periodic, rectangular, from 1 x 1 cells on. All
results have the dtype of the arguments, float32 or float64, in which everything is computed.
"""

from .advect import advect as advect
from .advect import advect_adjoint as advect_adjoint
from .advect import advect_tangent as advect_tangent
from .project import project as project
from .rollout import rollout as rollout
from .rollout import rollout_adjoint as rollout_adjoint
from .step import step as step
from .step import step_adjoint as step_adjoint
from .step import step_tangent as step_tangent
