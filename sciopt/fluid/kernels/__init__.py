"""Compiled kernels of the fluid simulation: plain arrays in, fresh plain arrays out.

Axis 0 of a field is x, axis 1 is y; the grid is periodic, rectangular, from 1 x 1 cells on. All
results have the dtype of the arguments, float32 or float64, in which everything is computed.

Why they are here: autodiff's compiler makes of the same scheme in plain NumPy (`sciopt.fluid.
physics`) code that takes 2.5 times as long at 110 x 110 cells in float64 (44 ms by 17 for 100 steps
and their gradient) and 2.6 times at 512 x 512 in float32 (556 ms by 211 for 50 steps of 50 sweeps),
by `experiments.benchmarks.fluid`. It does not know that the projection is its own adjoint, takes
one sweep through all of memory after the other where `project` takes several at once, and reads
each channel of a cell on its own where `cells` has them side by side.
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
