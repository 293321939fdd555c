"""The operators of traced arrays, which record their rules without a detour.

A program runs these a million times, so a box's operator looks at its operands itself: where both
are of one tape, or one is a constant, it appends the right form of the rule to the tape with the
one or two values that this form needs. A box of an outer trace is a constant to the inner one, and
arithmetic with it is recorded out there. Everything else goes the way of any primitive. Both ways
use the rules of `arithmetic`.

On Python floats the operators compute with Python's arithmetic, which is faster than NumPy's, but
where Python raises (division by zero, overflow of a power) or leaves the reals, NumPy's result is
taken, as it would be by calling NumPy's function.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as onp

from ..core import Pullback, Tape
from ..rules import withdrawals
from .arithmetic import (
    pull_add,
    pull_divide,
    pull_divide_by,
    pull_divide_into,
    pull_multiply,
    pull_negated,
    pull_power,
    pull_same,
    pull_scale,
    pull_subtract,
)
from .array_box import ArrayBox, has_a_say
from .broadcasting import Metadata, metadata, unbroadcast
from .wrapper import wrapped_namespace as anp

_SCALARS = frozenset((float, onp.float64, onp.float32, complex, onp.complex128))
_WEAK = frozenset((float, int))  # Python numbers: they neither stretch an operand nor promote it
_CONSTANTS = frozenset((float, int, complex, bool, onp.ndarray, onp.float64, onp.float32))


class _Form(NamedTuple):
    """How an operator records itself when its operands are `both` boxes, or one is a constant.

    Each form is a pullback and a Python expression of the operands a, b for what it saves.
    """

    fun: str
    symbol: str
    both: tuple[Pullback, str]
    right_constant: tuple[Pullback, str]
    left_constant: tuple[Pullback, str]


_FORMS = {
    "add": _Form("add", "+", (pull_add, "None"), (pull_same, "None"), (pull_same, "None")),
    "sub": _Form(
        "subtract", "-", (pull_subtract, "None"), (pull_same, "None"), (pull_negated, "None")
    ),
    "mul": _Form("multiply", "*", (pull_multiply, "(a, b)"), (pull_scale, "b"), (pull_scale, "a")),
    "truediv": _Form(
        "true_divide",
        "/",
        (pull_divide, "(ans, b)"),
        (pull_divide_by, "b"),
        (pull_divide_into, "(ans, b)"),
    ),
}

# One text for all operators, so that each runs its arithmetic inline: a call per operation would
# cost as much as the operation. `x` is the box whose method runs, `y` the other operand.
_OPERATOR = """
def __{name}__(x, y):
    tape = x._owner
    if tape.__class__ is Tape:
        a = x._value
        kind = y.__class__
        if kind is ArrayBox:
            if y._owner is tape:
                b = y._value
                try:
                    ans = a {symbol} b
                except (ZeroDivisionError, OverflowError):
                    return fun(x, y)
                if a is b or ans.__class__ is float or (a.__class__ is b.__class__ and (
                    a.shape == b.shape and a.dtype is b.dtype
                    if a.__class__ is ndarray else a.__class__ in SCALARS
                )):
                    entry = (pull, x._key, y._key, {saved})
                else:
                    entry = stretched(pull, x._key, y._key, {saved}, a, b)
                box = ArrayBox(ans, tape, len(tape))
                tape.append(entry)
                return box
            if y._owner.level > tape.level:
                return y.__r{name}__(x)
        elif kind not in CONSTANTS:
            return fun(x, y)
        b = y
        try:
            ans = a {symbol} b
        except (ZeroDivisionError, OverflowError):
            return fun(x, y)
        if kind in WEAK or (ans.__class__ is a.__class__ and (
            ans.shape == a.shape and ans.dtype is a.dtype
            if ans.__class__ is ndarray else ans.__class__ in SCALARS
        )):
            entry = (pull_right, x._key, -1, {saved_right})
        else:
            entry = stretched_one(pull_right, x._key, {saved_right}, a, ans)
        box = ArrayBox(ans, tape, len(tape))
        tape.append(entry)
        return box
    return fun(x, y)

def __r{name}__(y, x):
    tape = y._owner
    kind = x.__class__
    if tape.__class__ is Tape and (
        kind in CONSTANTS or (kind is ArrayBox and x._owner.level < tape.level)
    ):
        a = x
        b = y._value
        try:
            ans = a {symbol} b
        except (ZeroDivisionError, OverflowError):
            return fun(x, y)
        if kind in WEAK or (ans.__class__ is b.__class__ and (
            ans.shape == b.shape and ans.dtype is b.dtype
            if ans.__class__ is ndarray else ans.__class__ in SCALARS
        )):
            entry = (pull_left, y._key, -1, {saved_left})
        else:
            entry = stretched_one(pull_left, y._key, {saved_left}, b, ans)
        box = ArrayBox(ans, tape, len(tape))
        tape.append(entry)
        return box
    return fun(x, y)
"""


def _stretched(pull: Pullback, i: int, j: int, saved: Any, a: Any, b: Any) -> tuple[Any, ...]:
    """The tape entry of an operation on two boxes that may differ in shape or dtype."""
    ma, mb = metadata(a), metadata(b)
    if ma == mb:
        return (pull, i, j, saved)
    if pull is pull_multiply and ma.dtype is mb.dtype and ma.dtype.kind == "f":
        if not mb.shape:
            return (_pull_scaled, i, j, saved)
        if not ma.shape:
            return (_pull_scaled, j, i, saved[::-1])
    return (_pull_stretched, i, j, (pull, saved, ma, mb))


def _pull_scaled(g: Any, operands: tuple[Any, Any]) -> tuple[Any, Any]:
    """array * number: the number's cotangent is a dot product, which needs no array for itself."""
    x, number = operands
    if g.__class__ is x.__class__ is onp.ndarray and g.shape == x.shape and g.dtype is x.dtype:
        return g * number, onp.dot(g.ravel(), x.ravel())
    return unbroadcast(g * number, metadata(x)), unbroadcast(g * x, metadata(number))


def _pull_stretched(g: Any, rule: tuple[Pullback, Any, Metadata, Metadata]) -> tuple[Any, Any]:
    pull, saved, ma, mb = rule
    ga, gb = pull(g, saved)
    return unbroadcast(ga, ma), unbroadcast(gb, mb)


def _stretched_one(pull: Pullback, i: int, saved: Any, a: Any, ans: Any) -> tuple[Any, ...]:
    """The tape entry of an operation on a box and a constant that may stretch or promote it."""
    ma = metadata(a)
    if ma == metadata(ans):
        return (pull, i, -1, saved)
    return (_pull_stretched_one, i, -1, (pull, saved, ma))


def _pull_stretched_one(g: Any, rule: tuple[Pullback, Any, Metadata]) -> Any:
    pull, saved, ma = rule
    return unbroadcast(pull(g, saved), ma)


def _through(fun: Callable[..., Any], reflected: bool = False) -> Callable[..., Any]:
    """An operator that goes the way of any primitive, unless the other operand has a say."""

    def operate(x: Any, y: Any) -> Any:
        if has_a_say(x) or has_a_say(y):
            return NotImplemented
        return fun(x, y)

    return (lambda self, other: operate(other, self)) if reflected else operate


def _operators(name: str, form: _Form) -> tuple[Callable[..., Any], Callable[..., Any]]:
    """The operator and its reflected form, from the text above."""
    source = _OPERATOR.format(
        name=name,
        symbol=form.symbol,
        saved=form.both[1],
        saved_right=form.right_constant[1],
        saved_left=form.left_constant[1],
    )
    namespace: dict[str, Any] = {
        "ArrayBox": ArrayBox,
        "Tape": Tape,
        "ndarray": onp.ndarray,
        "SCALARS": _SCALARS,
        "CONSTANTS": _CONSTANTS,
        "WEAK": _WEAK,
        "fun": _through(anp[form.fun]),
        "pull": form.both[0],
        "pull_right": form.right_constant[0],
        "pull_left": form.left_constant[0],
        "stretched": _stretched,
        "stretched_one": _stretched_one,
    }
    exec(compile(source, f"<operator {name}>", "exec"), namespace)
    return namespace[f"__{name}__"], namespace[f"__r{name}__"]


def _power(x: ArrayBox, y: Any) -> Any:
    """x ** y, short for real constants y where Python's result and NumPy's agree."""
    tape = x._owner
    kind = y.__class__
    value = x._value
    if tape.__class__ is Tape and (kind is int or (kind is float and value.__class__ is not float)):
        try:
            ans = value**y
        except (ZeroDivisionError, OverflowError):
            return _fun_power(x, y)
        box = ArrayBox(ans, tape, len(tape))
        tape.append((pull_power, x._key, -1, (value, y)))
        return box
    return _fun_power(x, y)


def _negative(x: ArrayBox) -> Any:
    tape = x._owner
    if tape.__class__ is not Tape:
        return _fun_negative(x)
    box = ArrayBox(-x._value, tape, len(tape))
    tape.append((pull_negated, x._key, -1, None))
    return box


_fun_power, _fun_negative = anp["power"], anp["negative"]


def _withdraw_negative() -> None:
    ArrayBox.__neg__ = lambda self: _fun_negative(self)  # type: ignore[method-assign]


def _install(name: str, fun: str, forward: Any = None, reflected: Any = None) -> None:
    """Give boxes an operator; without its short forms once the rule of `fun` is changed."""
    primitive = anp[fun]
    setattr(ArrayBox, f"__{name}__", forward or _through(primitive))
    setattr(ArrayBox, f"__r{name}__", reflected or _through(primitive, reflected=True))
    if forward is not None:
        withdrawals[primitive] = lambda: _install(name, fun)


for _name, _form in _FORMS.items():
    _install(_name, _form.fun, *_operators(_name, _form))
_install("pow", "power", _power)
ArrayBox.__neg__ = _negative  # type: ignore[method-assign]
withdrawals[_fun_negative] = _withdraw_negative
for _name, _fun in {"mod": "mod", "matmul": "matmul", "floordiv": "floor_divide"}.items():
    _install(_name, _fun)
