"""SciPy's special functions, traced: ``import autodiff.scipy.special``.

Every function bears SciPy's name. Which have derivatives is registered in the modules of this
package, by family: both modes, differentiable again. Orders and shape parameters that are not named
there have no rule, and differentiating in them raises NotImplementedError.
"""

from typing import Any

from . import (  # noqa: F401  (each registers its rules)
    bessel,
    elliptic,
    error_functions,
    gamma_functions,
    incomplete_beta,
    incomplete_gamma,
    polynomials,
    transforms,
)
from .gamma_functions import comb, factorial
from .namespace import wrapped_special
from .sums import log_softmax, logsumexp, softmax

globals().update(
    {
        **wrapped_special,
        "comb": comb,
        "factorial": factorial,
        "log_softmax": log_softmax,
        "logsumexp": logsumexp,
        "softmax": softmax,
    }
)


def __getattr__(name: str) -> Any:
    raise AttributeError(f"module 'autodiff.scipy.special' has no attribute {name!r}")
