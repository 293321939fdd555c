"""What Autograd has rules for, read from the installed package."""

from __future__ import annotations

import inspect
import pkgutil
from collections.abc import Callable, Iterator
from importlib import import_module
from typing import Any

import autograd
from autograd import core


def _modules() -> list[Any]:
    """Every module of the package, the public namespaces first."""
    names = [found.name for found in pkgutil.walk_packages(autograd.__path__, "autograd.")]
    public = ("autograd.numpy", "autograd.numpy.linalg", "autograd.numpy.fft", "autograd.scipy")
    return [import_module(name) for name in (*public, *names)]


def _named(module: Any) -> Iterator[tuple[str, Any]]:
    """(path below the package, function) for the functions and methods that a module holds."""
    for name, value in vars(module).items():
        path = f"{module.__name__}.{name}".removeprefix("autograd.")
        if inspect.isclass(value) and value.__module__ == module.__name__:
            yield from ((f"{path}.{method}", found) for method, found in vars(value).items())
        elif callable(value):
            yield path, value


def primitives_with_rules() -> dict[str, Callable[..., Any]]:
    """Path below the package -> primitive, for each one that has a VJP or a JVP.

    A primitive with several names has the path that ends in its own name, or else the first.
    """
    modules = _modules()
    found = (*core.primitive_vjps, *core.primitive_jvps)
    paths: dict[Any, list[str]] = {
        primitive: [] for primitive in found if _is_of_package(primitive)
    }
    for module in modules:
        for path, value in _named(module):
            if inspect.isfunction(value) and value in paths:
                paths[value].append(path)
    return {_best(primitive, found): primitive for primitive, found in paths.items()}


def _is_of_package(primitive: Any) -> bool:
    """Not one that a test has made: what it wraps is Autograd's, NumPy's or SciPy's."""
    module = getattr(primitive.fun, "__module__", None) or "numpy"
    return module.partition(".")[0] in {"autograd", "numpy", "scipy"}


def _best(primitive: Callable[..., Any], paths: list[str]) -> str:
    own = [path for path in paths if path.rpartition(".")[2] == primitive.__name__]
    return (own or paths or [primitive.__name__])[0]
