"""Compiled kernels of reversible training: integers in, integers out, changed in place.

- `integers` divides by invariants and works on numbers of two words; `fixed_point` holds numbers
  as integers; `digits` multiplies them by n/d without losing a bit.
- `averages` and `moves` are the two halves of a training step, each with its inverse.
"""

from .averages import step_average, unstep_average
from .digits import refill, rescale, spill
from .fixed_point import EXTRA_BITS, LIMIT, integers_of, values, values_wide
from .moves import adam_velocity, step_weights, unstep_weights

__all__ = [
    "EXTRA_BITS",
    "LIMIT",
    "adam_velocity",
    "integers_of",
    "refill",
    "rescale",
    "spill",
    "step_average",
    "step_weights",
    "unstep_average",
    "unstep_weights",
    "values",
    "values_wide",
]
