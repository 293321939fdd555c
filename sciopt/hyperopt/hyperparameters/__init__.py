"""From settings to one unconstrained vector, and from the vector to values in training.

- `kinds` says in one table what each hyperparameter may be; `scales` how it is moved.
- `layout` names a model's arrays and layers; `part` is one hyperparameter's place in the vector.
- `space` is the vector; `spread` spreads values over arrays and steps.
"""

from .kinds import KINDS, NATURAL_PER
from .layout import Layout, layout_of
from .part import Part, granularity, on_scale, refuse_impossible, shape_of, start_of
from .scales import SCALES
from .space import Space, Vector
from .spread import over_arrays, over_steps, unpacked

__all__ = [
    "KINDS",
    "NATURAL_PER",
    "SCALES",
    "Layout",
    "Part",
    "Space",
    "Vector",
    "granularity",
    "layout_of",
    "on_scale",
    "over_arrays",
    "over_steps",
    "refuse_impossible",
    "shape_of",
    "start_of",
    "unpacked",
]
