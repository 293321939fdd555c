"""Programs written for Autograd, each a function of the name of the package that it runs on."""

from collections.abc import Callable
from inspect import getmembers, isfunction
from typing import Any

from . import extensions, internals, models, numerics

PROGRAMS: list[Callable[[str], Any]] = [
    program
    for module in (models, numerics, extensions, internals)
    for _, program in getmembers(module, isfunction)
    if program.__module__ == module.__name__
]
