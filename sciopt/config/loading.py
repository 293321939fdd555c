"""Merge defaults, a preset, a YAML file, `--set` and flags into one validated config.

Each value keeps a label that says where it was written, so that every problem can be reported at
its place, all of them in one message. Validation goes through JSON: there pydantic's strict mode
takes a list for a tuple, which is what YAML writes, and still takes no "10" for 10.
"""

from __future__ import annotations

import json
import os
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar

from pydantic import ValidationError

from sciopt.config.model import Config, marks
from sciopt.config.reading import KeyPath, read_mapping, read_value
from sciopt.config.shipped import find_config
from sciopt.config.wording import field_at, problem
from sciopt.errors import ConfigError

_MOST_PROBLEMS = 20

AnyConfig = TypeVar("AnyConfig", bound=Config)


@dataclass
class _Layers:
    """The merged values so far, the label of each key, and the problems met on the way."""

    values: dict[str, Any] = field(default_factory=dict)
    labels: dict[KeyPath, str] = field(default_factory=dict)
    problems: list[str] = field(default_factory=list)

    def put(self, path: KeyPath, value: Any, label: str) -> None:
        """Set the value at `path`, where everything above it is a mapping or absent."""
        inner = self.values
        for key in path[:-1]:
            inner = inner.setdefault(key, {})
        inner[path[-1]] = value
        # A newer value comes later in the message, and its parts have no label of their own yet.
        self.labels = {p: old for p, old in self.labels.items() if p[: len(path)] != path}
        self.labels[path] = label

    def is_mapping(self, path: KeyPath) -> bool:
        """Whether a value can be put below `path`."""
        inner: Any = self.values
        for key in path:
            inner = inner.get(key, {}) if isinstance(inner, dict) else None
        return isinstance(inner, dict)


def load_config(
    model: type[AnyConfig],
    *,
    path: Path | None = None,
    sets: Sequence[str] = (),
    flags: Mapping[str, Any] | None = None,
) -> AnyConfig:
    """Build a config; later layers win: defaults, a preset, the file at `path`, `sets`, `flags`.

    Args:
        path: a YAML file; relative files named in it are looked up beside it.
        sets: "key=value" texts; values are YAML, and dots reach into mappings ("options.maxcor").
        flags: values by setting, dots reaching into mappings, as the command line gave them; None
            means not given. The last part of the name is that of the option.
    Raises: ConfigError that lists every problem with its place, value and remedy.
    """
    layers = _Layers()
    if path is not None:
        _add_file(layers, model, path)
    _add_sets(layers, model, sets)
    for key, value in (flags or {}).items():
        if value is not None:
            key_path = tuple(key.split("."))
            value = _located(model, key_path, value, Path())
            label = f"--{key_path[-1].replace('_', '-')}"
            if layers.is_mapping(key_path[:-1]):
                layers.put(key_path, value, label)
            else:
                layers.problems.append(f"{label}: {'.'.join(key_path[:-1])} is not a mapping")
    _add_preset(layers, model)
    _refuse_broken_text(layers)
    config = _validate(model, layers)
    if config is None or layers.problems:
        raise ConfigError(_message(layers.problems))
    return config


def _add_file(layers: _Layers, model: type[Config], path: Path) -> None:
    document = read_mapping(path)
    layers.values.update(_all_written_out(model, (), document.values))
    for key_path, value in list(_leaves(layers.values)):
        _replace(layers.values, key_path, _located(model, key_path, value, path.parent))
    for key_path, line in document.lines.items():
        layers.labels[key_path] = f"{path}:{line}: {'.'.join(key_path)}"


def _add_preset(layers: _Layers, model: type[Config]) -> None:
    """Put the settings of the preset that the layers name, if they name one, below them."""
    for name, declared in model.model_fields.items():
        kind, chosen = marks(declared).get("preset"), layers.values.get(name, "none")
        if kind is None or not isinstance(chosen, str) or chosen == "none":
            continue
        try:
            path = find_config(chosen, kind)
        except ConfigError as error:
            label = layers.labels.get((name,), name)
            layers.problems.append(f"{label}: {str(error).removeprefix('--config: ')}")
            continue
        preset = _Layers()
        _add_file(preset, model, path)
        preset.values.pop(name, None)  # presets do not begin with others
        _put_below(layers.values, preset.values)
        layers.labels = {**preset.labels, **layers.labels}


def _put_below(values: dict[str, Any], lower: Mapping[str, Any]) -> None:
    """Add what is not in `values` yet, in mappings that are in both too."""
    for key, value in lower.items():
        mine = values.setdefault(key, value)
        if isinstance(mine, dict) and isinstance(value, dict) and mine is not value:
            _put_below(mine, value)


def _add_sets(layers: _Layers, model: type[Config], sets: Sequence[str]) -> None:
    for text in sets:
        name, equals, written = text.partition("=")
        label = f"--set {name.strip()}"
        key_path = tuple(name.strip().split("."))
        if not equals or not all(key_path):
            layers.problems.append(f"--set {text}: write it as key=value, for example steps=50")
            continue
        if not layers.is_mapping(key_path[:-1]):
            layers.problems.append(f"{label}: {'.'.join(key_path[:-1])} is not a mapping")
            continue
        try:
            value = read_value(written, label)
        except ConfigError as error:
            layers.problems.append(str(error))
            continue
        key_path = _written_out(model, key_path, value)
        layers.put(key_path, _located(model, key_path, value, Path()), label)


def _written_out(model: type[Config], path: KeyPath, value: Any) -> KeyPath:
    """Where a value belongs that is a shorthand for the mapping at `path`: inside it."""
    declared = field_at(model, path)
    key = marks(declared).get("shorthand") if declared is not None else None
    above = field_at(model, path[:-1]) if declared is None else None
    key = marks(above).get("items") if above is not None else key
    return path if key is None or value is None or isinstance(value, dict) else (*path, key)


def _all_written_out(model: type[Config], path: KeyPath, values: Any) -> Any:
    """Values in which every shorthand is the mapping that it stands for."""
    if not isinstance(values, dict):
        written_out = _written_out(model, path, values)
        return values if len(written_out) == len(path) else {written_out[-1]: values}
    return {key: _all_written_out(model, (*path, key), value) for key, value in values.items()}


def _located(model: type[Config], path: KeyPath, value: Any, folder: Path) -> Any:
    """The absolute path of a value that names a file or a folder; any other value unchanged.

    A file field may also hold the name of something built in. So only what exists in `folder`,
    or what contains a path separator (but is no `text:...`), is taken for a file.
    """
    declared = field_at(model, path)
    mark = {} if declared is None else marks(declared)
    if not (mark.get("file") or mark.get("folder")):
        return value
    if isinstance(value, list):
        return [_located(model, path, item, folder) for item in value]
    if not isinstance(value, str):
        return value
    named = Path(value).expanduser() if value.startswith("~/") else Path(value)
    # Not `resolve`: a link keeps its own name, after which the run is called.
    candidate = Path(os.path.abspath(folder / named))  # noqa: PTH100
    if mark.get("folder"):
        return str(candidate)
    separated = "/" in value or os.sep in value
    scheme = re.match(r"[A-Za-z]{2,}:", value)  # two letters: C: is a drive
    # file.py:name means an object in a file.
    is_object = re.search(r"\.py:\w+$", value)
    file = Path(str(candidate).rpartition(":")[0]) if is_object else candidate
    return str(candidate) if _is_file(file) or (separated and not scheme) else value


def _is_file(path: Path) -> bool:
    try:
        return path.is_file()
    except (OSError, ValueError):  # a name too long, or one that no file can have
        return False


def _leaves(values: Mapping[str, Any], path: KeyPath = ()) -> Iterator[tuple[KeyPath, Any]]:
    for key, value in list(values.items()):
        if isinstance(value, dict):
            yield from _leaves(value, (*path, key))
        else:
            yield (*path, key), value


def _replace(values: dict[str, Any], path: KeyPath, value: Any) -> None:
    for key in path[:-1]:
        values = values[key]
    values[path[-1]] = value


def _refuse_broken_text(layers: _Layers) -> None:
    """Report text that is no Unicode, such as a file name in an old encoding, and set it aside."""
    for path, value in _leaves(layers.values):
        if not _is_text(json.dumps([*path, value], ensure_ascii=False)):
            label = _label(layers, path).encode("utf-8", "replace").decode()
            layers.problems.append(f"{label}: {value!a} is not valid text")
            _drop(layers.values, path)


def _drop(values: dict[str, Any], path: KeyPath) -> None:
    for key in path[:-1]:
        values = values[key]
    del values[path[-1]]


def _is_text(text: str) -> bool:
    return not any("\ud800" <= character <= "\udfff" for character in text)


def _validate(model: type[AnyConfig], layers: _Layers) -> AnyConfig | None:
    try:
        return model.model_validate_json(json.dumps(_whole(layers.values)))
    except ValidationError as error:
        found: dict[KeyPath, list[Mapping[str, Any]]] = {}
        for detail in error.errors():
            found.setdefault(_setting(detail, layers.values), []).append(detail)
    # Of a value that may be one type or a mapping, and is a mapping, only its keys are at fault.
    found = {p: e for p, e in found.items() if not p or not _is_above(p, found)}
    order = {path: place for place, path in enumerate(layers.labels)}
    for path in sorted(found, key=lambda path: order.get(path, -1)):
        label = _label(layers, path)
        if path:
            layers.problems.append(f"{label}: {problem(model, path, found[path])}")
        else:  # a validator of the whole model, in our own words
            layers.problems += [str(detail["ctx"]["error"]) for detail in found[path]]
    return None


def _is_above(path: KeyPath, others: Iterable[KeyPath]) -> bool:
    return any(len(other) > len(path) and other[: len(path)] == path for other in others)


def _whole(value: Any) -> Any:
    """Whole floats as ints, so that `steps: 1e3` is a number of steps; floats take ints anyway."""
    if isinstance(value, dict):
        return {key: _whole(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [_whole(item) for item in value]
    is_whole = isinstance(value, float) and value.is_integer() and abs(value) < 2**53
    return int(value) if is_whole else value


def _setting(detail: Mapping[str, Any], values: Any) -> KeyPath:
    """The path of the setting an error is about: its location without list places and types."""
    path: list[str] = []
    keys = [str(key) for key in detail["loc"]]
    for place, key in enumerate(keys):
        if not isinstance(values, dict):
            break
        if key in values:
            path.append(key)
            values = values[key]
        elif detail["type"] == "missing" and place == len(keys) - 1:
            path.append(key)
    return tuple(path)


def _label(layers: _Layers, path: KeyPath) -> str:
    """Where the value at `path` was written: there, with a key above it, or in its parts."""
    for length in range(len(path), 0, -1):
        label = layers.labels.get(path[:length])
        if label is not None:
            return ".".join([label, *path[length:]])
    parts = (label for key, label in layers.labels.items() if path and key[: len(path)] == path)
    return next(parts, ".".join(path))


def _message(problems: Sequence[str]) -> str:
    if len(problems) == 1:
        return problems[0]
    shown = list(problems[:_MOST_PROBLEMS])
    if len(problems) > len(shown):
        shown.append(f"and {len(problems) - len(shown)} more")
    return "\n  ".join([f"{len(problems)} problems in the settings", *shown])
