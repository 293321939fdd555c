"""What is wrong with a value, said to the user: pydantic finds the problems, we word them.

Pydantic reports one error per branch of a union and names branches by their Python types. Here the
errors of one setting become one sentence: the bound it breaks, or the types that it may have.
"""

from __future__ import annotations

import types
from collections.abc import Mapping, Sequence
from typing import Annotated, Any, Literal, Union, get_args, get_origin

from pydantic.fields import FieldInfo

from sciopt.config.model import Config
from sciopt.config.reading import KeyPath
from sciopt.errors import did_you_mean

_TYPES = {
    int: ("a whole number", "whole numbers"),
    float: ("a number", "numbers"),
    bool: ("true or false", "true or false values"),
    str: ("text", "texts"),
    dict: ("a mapping of names to values", "mappings"),
}
_SCALARS = (int, float, bool, str)
_BOUNDS = {
    "greater_than_equal": ("at least", "ge"),
    "greater_than": ("greater than", "gt"),
    "less_than_equal": ("at most", "le"),
    "less_than": ("less than", "lt"),
}


def problem(model: type[Config], path: KeyPath, errors: Sequence[Mapping[str, Any]]) -> str:
    """One sentence about all of pydantic's `errors` for the setting at `path` of `model`."""
    parent = field_at(model, path[:-1])
    owner = model if len(path) == 1 else _config_class(parent)
    field = field_at(model, path)
    if field is None and owner is not None:
        known = list(owner.model_fields)
        return "unknown key" + (did_you_mean(path[-1], known) or f"; the keys are {_list(known)}")
    # The part after a semicolon is for the reader of the commented YAML.
    about = f" ({field.description.split(';')[0]})" if field and field.description else ""
    if any(error["type"] == "missing" for error in errors):
        return f"required, but not given{about}"
    bound = next((error for error in errors if _rule(error) is not None), None)
    if bound is not None:
        return f"{_rule(bound)}, got {shown(bound['input'])}{about}"
    value = errors[0]["input"]
    if value is None:
        return f"has no value; give one or leave the key out{about}"
    annotation = field.annotation if field is not None else _item_type(parent)
    return f"must be {expected(annotation)}, got {shown(value)}{about}"


def expected(annotation: Any, plural: bool = False) -> str:
    """The values that a type admits, in words: "a whole number or a list of 2 whole numbers"."""
    origin, arguments = get_origin(annotation), get_args(annotation)
    if origin is Annotated:
        return expected(arguments[0], plural)
    if origin is Literal:
        return ("one of " if len(arguments) > 1 else "") + _list(map(str, arguments))
    if origin in (Union, types.UnionType):
        if set(_SCALARS) <= set(arguments):
            return "a number, true, false or text"
        given = (argument for argument in arguments if argument is not types.NoneType)
        return " or ".join(expected(argument, plural) for argument in given)
    if origin in (tuple, list):
        count = f"{len(arguments)} " if origin is tuple and ... not in arguments else ""
        return f"a list of {count}{expected(arguments[0], plural=True)}"
    singular, several = _TYPES.get(origin or annotation, _TYPES[dict])
    return several if plural else singular


def shown(value: object) -> str:
    """A value as the user wrote it, cut to a length that fits a line."""
    text = str(value).lower() if isinstance(value, bool) else repr(value)
    return text if len(text) <= 60 else text[:57] + "..."


def field_at(model: type[Config], path: KeyPath) -> FieldInfo | None:
    """The declaration of the setting at `path`; None where there is none, as in a free mapping."""
    owner: type[Config] | None = model
    field = None
    for key in path:
        field = owner.model_fields.get(key) if owner is not None else None
        owner = _config_class(field)
    return field


def _rule(error: Mapping[str, Any]) -> str | None:
    kind, context = error["type"], error.get("ctx") or {}
    if kind in _BOUNDS:
        words, name = _BOUNDS[kind]
        bound = context[name]
        return f"must be {words} {f'{bound:g}' if isinstance(bound, float) else bound}"
    if kind == "finite_number":
        return "must be a finite number"
    if kind == "string_too_short":
        return "must not be empty"
    if kind == "value_error":  # raised by a validator of ours, in our own words
        return str(context["error"])
    return None


def _config_class(field: FieldInfo | None) -> type[Config] | None:
    annotation = field.annotation if field is not None else None
    # In Python 3.10 dict[str, int] passes for a type, until issubclass is asked about it.
    if get_origin(annotation) is not None or not isinstance(annotation, type):
        return None
    return annotation if issubclass(annotation, Config) else None


def _item_type(field: FieldInfo | None) -> Any:
    """The type of the values of a setting that is a free mapping."""
    return get_args(field.annotation)[-1] if field is not None else None


def _list(words: Any) -> str:
    return ", ".join(words)
