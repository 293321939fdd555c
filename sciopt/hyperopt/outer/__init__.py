"""The search over hyperparameters: one vector moved by its hypergradient, with guards.

- `seeds` are pure functions of the settings' seed; `evaluations` asks the problem, counts, times
  and remembers.
- `moves` turns a gradient into a direction; `guards` clips it and halves what did not help.
- `descent` follows adam, sgd and rmsprop; `quasi_newton` L-BFGS; `draws` finds a random start.
- `search` joins these.
"""

from .descent import Trial, descend
from .draws import random_vectors, refuse_without_bounds
from .evaluations import Evaluations, Remember, forget, measured_cost, plain_loss
from .search import Journey, check_search, losses_compare, norm, search
from .seeds import evaluation_seeds, run_seeds

__all__ = [
    "Evaluations",
    "Journey",
    "Remember",
    "Trial",
    "check_search",
    "descend",
    "evaluation_seeds",
    "forget",
    "losses_compare",
    "measured_cost",
    "norm",
    "plain_loss",
    "random_vectors",
    "refuse_without_bounds",
    "run_seeds",
    "search",
]
