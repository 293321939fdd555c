"""`compiled`, the door to `autodiff.compile`, which is imported when it is first gone through."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any


def compiled(
    fun: Callable[..., Any], *, explain: bool = False, debug: bool = False
) -> Callable[..., Any]:
    """`fun`, recorded and compiled when it is first called with arguments of new types.

    Arrays, floats and complex numbers among the arguments, and in tuples, lists and dicts of them,
    are arguments of the compiled program, and so are those that `fun` closes over. Everything else
    (integers, truth values, strings, None, other objects) is static: a program is made for each
    value of it, compared by ``==``, or by identity where it can't be hashed. A program is for one
    shape, dtype and memory layout of each array.

    The result may be used as `fun` itself: in grad, make_vjp, make_jvp, hessian and the rest, and
    inside other compiled functions.

    Args:
        fun: a function of nests of arrays that gives such a nest. It must be pure: it is not called
            again, so what it prints, stores or reads from elsewhere happens once, or never.
        explain: print what could not be compiled whenever something is recorded.
        debug: run `fun` itself too in every call, and compare.

    Attributes of the result: ``ir(*args)``, the program for these arguments, to print;
    ``loops(*args)``, the loops of its machine code; ``explain(*args)``, in words what of it could
    not be compiled.

    Raises, when called:
        RecordingError: `fun` looks at values (by if, float(), a mask as an index, random numbers).
        RuntimeError: with ``debug=True``, the results differ.
    """
    from .compile.compiled import CompiledFunction

    return CompiledFunction(fun, explain, debug)
