"""Derivatives as formulas, by SymPy, against derivatives as procedures."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy

import autodiff.numpy as np
from autodiff import grad
from autodiff.core import record_tape
from sciopt.errors import ScioptError
from sciopt.plotting import style

from .curves import curve, finish
from .running import run_alone

TITLE = "Autodiff is not symbolic differentiation"
SLIDES = "slide 5"
LOOK_FOR = "formulas grow like the cube of the depth, the tape by 7 operations a layer"

DEPTH = 8


@dataclass(frozen=True)
class Symbolic:
    """Of 1, 2, 3, ... layers of soft ReLU, each with its own weight and bias.

    Attributes:
        depths: (D,).
        formula_sizes: operations, symbols and numbers in the derivatives by all parameters.
        program_sizes: the same of the function itself.
        tape_sizes: operations on the tape of autodiff.
        formulas: TeX of the derivative by the first weight, of one and of two layers.
        agreement: largest relative difference of a derivative by both means.
    """

    depths: tuple[int, ...]
    formula_sizes: list[int]
    program_sizes: list[int]
    tape_sizes: list[int]
    formulas: list[str]
    agreement: float


def network(parameters: Any, x: Any) -> Any:
    """soft ReLU after soft ReLU; `parameters` has shape (2, depth)."""
    for k in range(parameters.shape[1]):
        x = np.log(1 + np.exp(parameters[0, k] * x + parameters[1, k]))
    return x


def compute(depth: int = DEPTH) -> Symbolic:
    """Raises: ScioptError if SymPy is not installed."""
    try:
        import sympy
    except ImportError as error:
        raise ScioptError(
            "the demo symbolic needs SymPy; install it with: pip install 'sciopt[demo]'"
        ) from error
    depths = tuple(range(1, depth + 1))
    formula_sizes, program_sizes, tape_sizes, formulas = [], [], [], []
    agreement = 0.0
    for layers in depths:
        x = sympy.Symbol("x")
        names = [[sympy.Symbol(f"{kind}_{k + 1}") for k in range(layers)] for kind in "wb"]
        output = x
        for w, b in zip(*names):
            output = sympy.log(1 + sympy.exp(w * output + b))
        derivatives = [[output.diff(name) for name in row] for row in names]
        program_sizes.append(_size(output))
        formula_sizes.append(sum(_size(formula) for row in derivatives for formula in row))
        if layers <= 2:
            formulas.append(sympy.latex(derivatives[0][0]))
        values = numpy.random.default_rng([5, layers]).normal(0.5, 0.5, (2, layers))
        tape, *_ = record_tape(lambda p: network(p, 0.8), values)
        tape_sizes.append(len(tape) - 1)  # the first entry is the argument
        formulas_at = sympy.lambdify([x, *names[0], *names[1]], derivatives)
        by_formula = numpy.array(formulas_at(0.8, *values.ravel()))
        by_autodiff = grad(lambda p: network(p, 0.8))(values)
        difference = abs(by_formula - by_autodiff).max() / abs(by_autodiff).max()
        agreement = max(agreement, float(difference))
    return Symbolic(depths, formula_sizes, program_sizes, tape_sizes, formulas, agreement)


def _size(expression: Any) -> int:
    """Operations, symbols and numbers, as written."""
    return 1 + sum(_size(part) for part in expression.args)


def report(found: Symbolic) -> list[str]:
    rows = zip(found.depths, found.program_sizes, found.formula_sizes, found.tape_sizes)
    return [
        "layers  function as a formula  its derivatives as formulas  operations on the tape",
        *(f"{d:>6} {program:>22} {formula:>28} {tape:>23}" for d, program, formula, tape in rows),
        "",
        f"Both give the same numbers, to {found.agreement:.0e}. The goal of autodiff is not a",
        "formula but a procedure: it keeps what the formula writes out again and again.",
    ]


def draw(found: Symbolic, path: Path) -> list[Path]:
    with style.themed():
        figure = style.new_figure(9.6, 7.2)
        above, below = figure.subplots(2, 1, height_ratios=(1.0, 1.5))
        above.axis("off")
        above.set_title("Derivative of soft ReLU by the first weight, by SymPy", loc="left")
        for k, (depth, formula) in enumerate(zip(("one layer", "two layers"), found.formulas)):
            y = 0.8 - 0.52 * k
            above.text(0.0, y, depth, va="center", color=style.FAINT)
            tex = formula.replace(r"\frac", r"\dfrac")
            above.text(0.14, y, f"${tex}$", va="center", fontsize=19)
        sizes = (
            ("derivatives as formulas (SymPy)", found.formula_sizes),
            ("tape (autodiff)", found.tape_sizes),
        )
        for look, (label, values) in enumerate(sizes):
            curve(below, found.depths, values, label, look)
        below.set_yscale("log")
        title = "How much there is to write down, for the derivatives by all parameters"
        finish(below, title, "layers of soft ReLU", "operations and symbols")
        return [style.save(figure, path.with_suffix(".png"))]


if __name__ == "__main__":
    run_alone(__file__)
