"""Gradient optimisers behind one signature: SciPy's by their SciPy names, and Adam.

- `iterate` is the vocabulary: `Iterate`, a point on the way, and `Outcome`, the end of it.
- `methods` lists the methods and their options, and refuses what cannot work.
- `descent` follows one search: counts, remembers the best point, stops on NaN.
- `minimization` holds `minimize`; `scipy_methods` and `adam` move the point.
"""

from sciopt.optimize.iterate import Iterate, Outcome, Status
from sciopt.optimize.methods import check_method
from sciopt.optimize.minimization import minimize

__all__ = ["Iterate", "Outcome", "Status", "check_method", "minimize"]
