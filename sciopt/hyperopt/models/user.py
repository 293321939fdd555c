"""A model from a file of the user's: an object with the functions init, predict and loss."""

from __future__ import annotations

import functools
import importlib.util
import inspect
import sys
import traceback
from collections.abc import Callable
from pathlib import Path
from types import ModuleType
from typing import Any

from autodiff.compile import RecordingError
from sciopt.errors import ModelError, ScioptError, did_you_mean

from .contract import Model

_FUNCTIONS = {
    "init": "(rng, input_shape, outputs)",
    "predict": "(params, inputs)",
    "loss": "(outputs, targets)",
}


def load_model(spec: str, options: dict[str, Any]) -> Model:
    """Load ``path/to/file.py:name``: a class, module or other object with the three functions.

    Raises: ModelError if the file cannot be read or run, or does not keep the contract.
    """
    path_text, colon, name = spec.rpartition(":")
    if not colon or not name.isidentifier():
        raise ModelError(
            f"model.name: {spec!r}: write a model of yours as path/to/file.py:name, where name is"
            " the object with the functions init, predict and loss"
        )
    path = Path(path_text).expanduser()
    found = _named(_run(path), name, path)
    for function, signature in _FUNCTIONS.items():
        if not callable(getattr(found, function, None)):
            raise ModelError(
                f"{path}: {name} has no function {function}{signature}; a model has"
                f" {', '.join(f'{key}{value}' for key, value in _FUNCTIONS.items())}"
            )
    tunable = _arguments(found.predict, path, name)
    for option in options:
        if option not in tunable:
            hint = did_you_mean(option, tunable) or f"; it has {', '.join(tunable) or 'none'}"
            raise ModelError(f"model.options.{option}: {name}.predict has no such argument{hint}")
    init, predict, loss = (_watched(getattr(found, key), path, key) for key in _FUNCTIONS)
    return Model(name, init, predict, loss, dict(options), tunable)


def _watched(function: Callable[..., Any], path: Path, key: str) -> Callable[..., Any]:
    """The function, its errors told as those of the user's file.

    That it cannot be recorded is none.
    """

    @functools.wraps(function)
    def watched(*args: Any, **kwargs: Any) -> Any:
        try:
            return function(*args, **kwargs)
        except (ScioptError, RecordingError):
            raise
        except (Exception, SystemExit) as error:
            raise ModelError(
                f"{place(error, path)}: {key}{_FUNCTIONS[key]} failed: {said(error)}"
            ) from error

    return watched


def _run(path: Path) -> ModuleType:
    if not path.is_file():
        raise ModelError(f"model.name: there is no file {path}")
    spec = importlib.util.spec_from_file_location(f"sciopt_user_model_{path.stem}", path)
    if spec is None or spec.loader is None:
        raise ModelError(f"model.name: {path} is no Python file; its name must end in .py")
    module = importlib.util.module_from_spec(spec)
    # Processes that share the work look the functions up by the module's name.
    sys.modules[spec.name] = module
    try:
        spec.loader.exec_module(module)
    except (Exception, SystemExit) as error:  # a script's sys.exit() would end us without a word
        raise ModelError(
            f"{place(error, path)}: the file could not be run: {said(error)}"
        ) from error
    return module


def _named(module: ModuleType, name: str, path: Path) -> Any:
    if not hasattr(module, name):
        public = [key for key in vars(module) if not key.startswith("_")]
        hint = did_you_mean(name, public)
        raise ModelError(f"{path}: there is no {name!r} in it{hint}")
    return getattr(module, name)


def _arguments(predict: Any, path: Path, name: str) -> tuple[str, ...]:
    """The names of predict's arguments after params and inputs."""
    parameters = list(inspect.signature(predict).parameters.values())
    if len([p for p in parameters if p.kind is not p.KEYWORD_ONLY]) < 2:
        raise ModelError(f"{path}: {name}.predict must take {_FUNCTIONS['predict']}")
    return tuple(
        p.name
        for k, p in enumerate(parameters)
        if p.kind is p.KEYWORD_ONLY or (k >= 2 and p.kind is p.POSITIONAL_OR_KEYWORD)
    )


def place(error: BaseException, path: Path) -> str:
    """``file:line`` where the user's file raised `error`."""
    if isinstance(error, SyntaxError) and error.lineno is not None:
        return f"{path}:{error.lineno}"
    frames = traceback.extract_tb(error.__traceback__)
    lines = [frame.lineno for frame in frames if Path(frame.filename) == path]
    return f"{path}:{lines[-1]}" if lines else str(path)


def said(error: BaseException) -> str:
    """What an error of the user's says, with its type."""
    return f"{type(error).__name__}: {error}"
