"""Ways to differentiate the outer loss through training, behind one signature.

``(problem, vector, seed) -> Hypergradient``, with options of each as keywords.

- `reverse`, `reversible` and `forward` are exact; `truncated`, `implicit` and `online` are not, and
  say in their docstrings by how much.
- `methods` takes one by the settings, `recommend` says which suits, `refusals` which does not fit.
- `average` takes means over seeds, on several processes; `check` compares methods.
"""

from .average import SeedPool, averaged
from .check import Comparison, check_gradient
from .forward import forward
from .hypergradient import Hypergradient, Method
from .implicit import Implicit
from .methods import counts_of, method_of, recommendation_for, settled
from .online import Online
from .recommend import Recommendation, recommend
from .reverse import reverse
from .truncated import truncated

__all__ = [
    "Comparison",
    "Hypergradient",
    "Implicit",
    "Method",
    "Online",
    "Recommendation",
    "SeedPool",
    "averaged",
    "check_gradient",
    "counts_of",
    "forward",
    "method_of",
    "recommend",
    "recommendation_for",
    "reverse",
    "settled",
    "truncated",
]
