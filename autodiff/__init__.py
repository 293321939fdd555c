"""Derivatives of NumPy code, in reverse and forward mode.

Write functions with ``import autodiff.numpy as np`` and differentiate them:

>>> import autodiff.numpy as np
>>> from autodiff import grad
>>> float(grad(np.tanh)(1.0))
0.41997434161402614

Functions that make derivatives are here; `autodiff.extend` is for new primitives.
"""

from .builtins import dict, isinstance, list, tuple, type  # noqa: A004  (Autograd's names)
from .differential_operators import (
    deriv,
    elementwise_grad,
    grad,
    grad_and_aux,
    grad_named,
    hessian,
    hessian_tensor_product,
    hessian_vector_product,
    holomorphic_grad,
    jacobian,
    make_ggnvp,
    make_hvp,
    make_jvp,
    make_vjp,
    multigrad_dict,
    tensor_jacobian_product,
    value_and_grad,
    vector_jacobian_product,
)
from .tracer import primitive

__all__ = [
    "deriv",
    "dict",
    "elementwise_grad",
    "grad",
    "grad_and_aux",
    "grad_named",
    "hessian",
    "hessian_tensor_product",
    "hessian_vector_product",
    "holomorphic_grad",
    "isinstance",
    "jacobian",
    "list",
    "make_ggnvp",
    "make_hvp",
    "make_jvp",
    "make_vjp",
    "multigrad_dict",
    "primitive",
    "tensor_jacobian_product",
    "tuple",
    "type",
    "value_and_grad",
    "vector_jacobian_product",
]
