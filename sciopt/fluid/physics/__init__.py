"""The physics of the fluid, every scheme written once in plain `autodiff.numpy`.

So each part can be differentiated in both modes, again and again, by everything that it depends on,
and compiled. Parts are pure functions of arrays; a `Scheme` says which are put together, `step`
puts them together, `simulate` runs them through time.
"""

from .forces import Between as Between
from .forces import Forces as Forces
from .grid import BOUNDARIES as BOUNDARIES
from .grid import Boundary as Boundary
from .grid import Grid as Grid
from .scheme import Inflow as Inflow
from .scheme import Medium as Medium
from .scheme import Scheme as Scheme
from .scheme import State as State
from .scheme import project as project
from .scheme import step as step
from .simulation import Rollout as Rollout
from .simulation import simulate as simulate
