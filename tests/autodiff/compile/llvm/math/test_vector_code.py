"""Loops over elementary functions are vectorised, and the constants in them are right."""

from __future__ import annotations

import decimal
import re
from typing import Any

import numpy as np
import pytest
from function_code import elementary, module_of
from llvmlite import ir

import autodiff.numpy as anp
from autodiff.compile.llvm import engine, math
from autodiff.compile.llvm.math.polynomials import coefficients
from autodiff.compile.llvm.math.splitting import parts


def loop_over(name: str, dtype: type, n: int = 1024) -> Any:
    inputs = 2 if name == "logaddexp" else 1
    return module_of(elementary(name), *[np.ones(n, dtype)] * inputs)


@pytest.mark.usefixtures("host_is_x86")
@pytest.mark.parametrize("dtype", [np.float64, np.float32])
@pytest.mark.parametrize("name", list(math.FUNCTIONS))
def test_a_loop_over_the_function_is_vectorised(name: str, dtype: type) -> None:
    code = engine.assembly(loop_over(name, dtype))
    body = re.search(r"^loops0:(.*?)^\.Lfunc_end", code, re.M | re.S)
    assert body
    packed = "pd" if dtype is np.float64 else "ps"
    calls = re.findall(r"call\S*\s+(\S+)", body[1])
    if name in math.WITH_BRANCHES:
        # The loop calls the function's own form for vectors, by whatever way of addressing.
        assert re.search(rf"autodiff\.{name}\.v\d+f", body[1])
    else:
        assert not calls
        assert re.search(rf"mul{packed}\s", body[1])
        assert not re.search(r"mulsd\s|mulss\s", body[1])  # 1024 elements leave no remainder


def test_no_instruction_may_be_reordered_or_contracted() -> None:
    for name in math.FUNCTIONS:
        text = str(loop_over(name, np.float64))
        flags = re.search(r"\b(fast|reassoc|contract|arcp|afn|nnan|ninf|nsz)\b", text)
        assert not flags, flags


def test_a_function_is_defined_once_in_a_module() -> None:
    x = np.ones((4, 3))
    text = str(module_of(lambda x: (anp.tanh(anp.tanh(x)), anp.tanh(x.T[1:] * 2)), x))
    assert len(re.findall(r"define .*@.autodiff\.tanh\.f64", text)) == 1
    assert len(re.findall(r"call double @.autodiff\.tanh\.f64", text)) == 3


def test_an_unknown_function_is_a_key_error() -> None:
    with pytest.raises(KeyError, match="erfcx"):
        math.call(ir.IRBuilder(), "erfcx", ir.Constant(ir.DoubleType(), 1.0))


def test_polynomials_interpolate_their_series() -> None:
    tables = {"exp": (-0.35, 0.35, 9), "log": (0.0, 0.0296, 6), "sin": (0, 0.62, 5)}
    x = np.linspace(0.01, 0.17, 50)
    found = {
        name: np.polyval(coefficients(name, low, high, degree)[::-1], x if name == "exp" else x**2)
        for name, (low, high, degree) in tables.items()
    }
    # The formulas of the module, solved for the polynomial: they lose about four digits.
    np.testing.assert_allclose(found["exp"], (np.expm1(x) - x) / x**2, rtol=1e-12)
    np.testing.assert_allclose(found["log"], 2 * (np.arctanh(x) - x) / x**3, rtol=1e-10)
    np.testing.assert_allclose(found["sin"], (np.sin(x) - x) / x**3, rtol=1e-10)


@pytest.mark.parametrize("name", ["log(2)", "log10(2)", "1/log(2)", "1/log(10)", "pi/2"])
def test_parts_of_constants_are_short_and_add_up(name: str) -> None:
    exact = {
        "log(2)": np.log(2), "log10(2)": np.log10(2), "1/log(2)": 1 / np.log(2),
        "1/log(10)": 1 / np.log(10), "pi/2": np.pi / 2,
    }[name]  # fmt: skip
    split = parts(name, 30, 3)
    assert sum(split) == pytest.approx(exact, rel=3e-16)
    for part in split[:3]:
        mantissa = decimal.Decimal(part)
        _, exponent = np.frexp(part)
        assert (mantissa * decimal.Decimal(2) ** int(30 - exponent)) % 1 == 0
    assert 0 <= split[3] < 2.0**-88
