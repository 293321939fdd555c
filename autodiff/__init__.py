"""Derivatives of NumPy code, in reverse and forward mode.

Write functions with ``import autodiff.numpy as np`` and differentiate them:

>>> import autodiff.numpy as np
>>> from autodiff import grad
>>> float(grad(np.tanh)(1.0))
0.41997434161402614

Functions that make derivatives are here; `autodiff.extend` is for new primitives.
"""

from .builtins import dict, isinstance, list, tuple, type  # noqa: A004  (Autograd's names)
from .checkpointing import Plan, checkpoint
from .compiling import compiled
from .core import primitive_with_deprecation_warnings as primitive
from .custom_rules import custom_jvp, custom_vjp, primitive_with
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
from .gradient_flow import on_gradient, stop_gradient, value_of
from .implicit import fixed_point, implicit_root
from .loops import plan_unroll, unroll

__all__ = [
    "Plan",
    "checkpoint",
    "compiled",
    "custom_jvp",
    "custom_vjp",
    "deriv",
    "dict",
    "elementwise_grad",
    "fixed_point",
    "grad",
    "grad_and_aux",
    "grad_named",
    "hessian",
    "hessian_tensor_product",
    "hessian_vector_product",
    "holomorphic_grad",
    "implicit_root",
    "isinstance",
    "jacobian",
    "list",
    "make_ggnvp",
    "make_hvp",
    "make_jvp",
    "make_vjp",
    "multigrad_dict",
    "on_gradient",
    "plan_unroll",
    "primitive",
    "primitive_with",
    "stop_gradient",
    "tensor_jacobian_product",
    "tuple",
    "type",
    "unroll",
    "value_and_grad",
    "value_of",
    "vector_jacobian_product",
]
