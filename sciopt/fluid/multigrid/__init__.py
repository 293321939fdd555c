"""Multigrid for the pressure around obstacles: a solver on plain arrays, to a stated tolerance.

`rings` puts the cells in the order in which the wide stencil couples them, on one to four tori;
`coarsening` and `levels` make coarser versions of each, once for an obstacle; `cycle` relaxes on
all of them; `conjugate` iterates until the tolerance is reached; `solving` is the door.
"""

from .rings import Ends as Ends
from .solving import NotSolvedError as NotSolvedError
from .solving import solve as solve
