"""What is wrong with a value, said to the user: pydantic finds the problems, we word them.

Pydantic reports one error per branch of a union and names branches by their Python types. Here the
errors of one setting become one sentence: the bound it breaks, or the types that it may have.
"""

from __future__ import annotations

import types
from collections.abc import Iterator, Mapping, Sequence
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
    owner = config_class(_annotation_at(model, path[:-1]))
    field = field_at(model, path)
    if field is None and owner is not None:
        known = list(owner.model_fields)
        return "unknown key" + (did_you_mean(path[-1], known) or f"; the keys are {_list(known)}")
    # The part after a semicolon is for the reader of the commented YAML.
    about = f" ({field.description.split(';')[0]})" if field and field.description else ""
    if any(error["type"] == "missing" and error["loc"][-1] == path[-1] for error in errors):
        return f"required, but not given{about}"
    bound = next((error for error in errors if _rule(error) is not None), None)
    if bound is not None:
        return f"{_rule(bound)}, got {shown(bound['input'])}{about}"
    value = errors[0]["input"]
    if value is None:
        return f"has no value; give one or leave the key out{about}"
    annotation = _annotation_at(model, path)
    hint = did_you_mean(value, _words(annotation)) if isinstance(value, str) else ""
    return f"must be {expected(annotation)}, got {shown(value)}{hint}{about}"


def expected(annotation: Any, plural: bool = False) -> str:
    """The values that a type admits, in words: "a whole number or a list of 2 whole numbers"."""
    origin, arguments = get_origin(annotation), get_args(annotation)
    if origin is Annotated:
        return expected(arguments[0], plural)
    if origin is Literal:
        several = "" if plural else "one of "
        return (several if len(arguments) > 1 else "") + _list(map(str, arguments))
    if origin in (Union, types.UnionType):
        if set(_SCALARS) <= set(arguments):
            return "a number, true, false or text"
        given = (argument for argument in arguments if argument is not types.NoneType)
        return " or ".join(expected(argument, plural) for argument in given)
    if origin in (tuple, list):
        count = f"{len(arguments)} " if origin is tuple and ... not in arguments else ""
        of = "of " if count and get_origin(arguments[0]) is Literal else ""
        return f"a list of {count}{of}{expected(arguments[0], plural=True)}"
    settings = config_class(annotation)
    if settings is not None:
        mapping = f"a mapping with {_list(settings.model_fields)}"
        return f"{settings.shorthand} or {mapping}" if settings.shorthand else mapping
    singular, several = _TYPES.get(origin or annotation, _TYPES[dict])
    return several if plural else singular


def shown(value: object) -> str:
    """A value as the user wrote it, cut to a length that fits a line."""
    text = str(value).lower() if isinstance(value, bool) else repr(value)
    return text if len(text) <= 60 else text[:57] + "..."


def field_at(model: type[Config], path: KeyPath) -> FieldInfo | None:
    """The declaration of the setting at `path`; None where there is none, as in a free mapping."""
    owner = config_class(_annotation_at(model, path[:-1])) if path else None
    return owner.model_fields.get(path[-1]) if owner is not None else None


def config_class(annotation: Any) -> type[Config] | None:
    """The class of the settings in a value of this type, which may be one of several types."""
    return next(_config_classes(annotation), None)


def item_type(annotation: Any) -> Any:
    """The type of the values of a free mapping; of anything else its own type."""
    return get_args(annotation)[-1] if get_origin(annotation) is dict else annotation


def _annotation_at(model: type[Config], path: KeyPath) -> Any:
    """The type of the value at `path`; None where nothing is declared."""
    annotation: Any = model
    for key in path:
        owner = config_class(annotation)
        if owner is not None:
            field = owner.model_fields.get(key)
            annotation = field.annotation if field is not None else None
        else:
            inner = item_type(annotation)
            annotation = None if inner is annotation else inner
    return annotation


def _config_classes(annotation: Any) -> Iterator[type[Config]]:
    origin, arguments = get_origin(annotation), get_args(annotation)
    if origin is Annotated:
        yield from _config_classes(arguments[0])
    elif origin in (Union, types.UnionType):
        for argument in arguments:
            yield from _config_classes(argument)
    # In Python 3.10 dict[str, int] passes for a type, until issubclass is asked about it.
    elif origin is None and isinstance(annotation, type) and issubclass(annotation, Config):
        yield annotation


def _words(annotation: Any) -> Iterator[str]:
    """The words that a type admits, wherever in it they are."""
    if get_origin(annotation) is Literal:
        yield from (word for word in get_args(annotation) if isinstance(word, str))
    else:
        for argument in get_args(annotation):
            yield from _words(argument)


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


def _list(words: Any) -> str:
    return ", ".join(words)
