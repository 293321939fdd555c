"""The ideas of the lecture (R. Grosse, CSC321 lecture 10: Automatic Differentiation), run.

Command: ``sciopt demo NAME``, or ``python -m experiments.lecture.NAME``; seconds each.

A demo is a module with

    TITLE, SLIDES, LOOK_FOR    text
    compute() -> numbers       a frozen dataclass; everything in it is computed by `autodiff`
    report(numbers)            lines that say what was found
    draw(numbers, path)        a picture, or None; `path` has no suffix yet

A wheel carries this folder as `sciopt.lecture`, so the modules name each other relatively.
"""

DEMOS = (
    "primitives",
    "graph",
    "vjp",
    "define-primitive",
    "backward",
    "finite-differences",
    "symbolic",
    "forward-reverse",
    "tanh",
    "fluid",
    "wing",
    "hyperopt",
)
"""In the order of `sciopt demo all`; the module's name has underscores."""
