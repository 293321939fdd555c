"""The pictures and the smoke that the settings name, on the grid of one level."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sciopt.errors import ConfigError
from sciopt.fluid.colour import colours_from_file
from sciopt.fluid.config import FluidConfig
from sciopt.fluid.mass import compare_masses, mass_notice, scaled_to_mass
from sciopt.fluid.objectives import Keyframe
from sciopt.fluid.smoke import PATTERNS, SORTED, initial_smoke, sorted_smoke
from sciopt.fluid.target import TEXT_PREFIX, file_path, load_target

MOST_DYES = 3


@dataclass(frozen=True, eq=False)
class Pictures:
    """What is to be formed from what, float64.

    Attributes:
        name: what a run may be called.
        smoke: at the start, shape (dyes, nx, ny).
        keyframes: rising in time; the target is the one after the last step.
        notices: sentences that the user should read.
    """

    name: str
    smoke: NDArray[np.float64]
    keyframes: tuple[Keyframe, ...]
    notices: tuple[str, ...]


def read_pictures(
    config: FluidConfig, shape: tuple[int, int], steps: int, incompressible: bool
) -> Pictures:
    """Read or draw all pictures.

    Args:
        steps: of time on this level; keyframes are moved to the same part of the whole.
        incompressible: whether the flow keeps the mass of smoke.
    Raises: TargetError if a picture cannot be read or used; ConfigError for dyes that do not match,
        or a keyframe outside of the simulation.
    """
    dyes = _dyes(config)
    named = {**_keyframes(config), **({} if config.target is None else {config.steps: None})}
    notices: list[str] = []
    names: list[str] = []
    frames = []
    for step, frame in sorted(named.items()):
        target = config.target if frame is None else frame.target
        assert target is not None
        picture = _picture(config, target, shape, dyes, names, notices)
        at = max(1, round(step * steps / config.steps))
        frames.append(Keyframe(at, picture, 1.0 if frame is None else frame.weight))
    smoke = _smoke(config, shape, dyes, frames[-1].target if frames else None)
    if config.colour and _is_one_smoke(config.smoke):
        notices.append(
            f"smoke: {config.smoke} is the same for red, green and blue, so the picture will have"
            f" tones of one colour; smoke: {SORTED} begins with the target's colours"
        )
    if frames and config.match_mass:
        smoke = scaled_to_mass(smoke, frames[-1].target).astype(np.float64)
    elif frames:
        notice = mass_notice(compare_masses(smoke, frames[-1].target), incompressible)
        notices += [] if notice is None else [notice]
    name = "-".join(dict.fromkeys(reversed(names)))
    return Pictures(name, smoke, tuple(frames), tuple(dict.fromkeys(notices)))


def grid_shape(size: int | tuple[int, int]) -> tuple[int, int]:
    """(rows, columns) of the grid that a config's `size` means."""
    return (size, size) if isinstance(size, int) else size


def _keyframes(config: FluidConfig) -> dict[int, Any]:
    found = {}
    for key, frame in config.keyframes.items():
        step = int(key) if key.isdecimal() else 0
        last = config.steps if config.target is None else config.steps - 1
        if not 1 <= step <= last:
            end = "" if config.target is None else "; the picture at the end is the setting target"
            raise ConfigError(
                f"keyframes.{key}: a keyframe is after a time step from 1 to {last}, since steps"
                f" is {config.steps}{end}. Move the keyframe, or raise steps."
            )
        found[step] = frame
    return found


def _dyes(config: FluidConfig) -> int:
    """How many dyes the settings ask for. Raises: ConfigError if they do not agree."""
    if config.colour:
        return MOST_DYES
    settings = {"target": config.target, "smoke": config.smoke}
    settings |= {f"keyframes.{step}": frame.target for step, frame in config.keyframes.items()}
    counts = {name: len(value) for name, value in settings.items() if isinstance(value, tuple)}
    count = max(counts.values(), default=1)
    for name, number in counts.items():
        if number != count or not 1 <= number <= MOST_DYES:
            raise ConfigError(
                f"{name}: {number} pictures, for as many dyes; one to {MOST_DYES} dyes are"
                f" possible, the same number everywhere ({_worded(counts)}). A single picture is"
                " taken for each dye."
            )
    return count


def _worded(counts: dict[str, int]) -> str:
    return ", ".join(f"{name} {count}" for name, count in counts.items())


def _picture(
    config: FluidConfig,
    target: str | tuple[str, ...],
    shape: tuple[int, int],
    dyes: int,
    names: list[str],
    notices: list[str],
) -> NDArray[np.float64]:
    """Densities (dyes, nx, ny) of a target; its name and notices are added to those lists."""
    if config.colour:
        path = _file_in_colour("target", target)
        densities, frames = colours_from_file(path, shape, resample=config.resample)
        names.append(path.stem)
        if frames > 1:
            notices.append(f"{path} has {frames} frames; the first one is the target")
        return 1 - densities if config.invert else densities
    each = []
    for spec in (target,) * dyes if isinstance(target, str) else target:
        image = load_target(spec, shape, invert=config.invert, resample=config.resample)
        each.append(image.density)
        names.append(image.name)
        notices += image.notices
    return np.stack(each)


def _smoke(
    config: FluidConfig, shape: tuple[int, int], dyes: int, target: NDArray[np.float64] | None
) -> NDArray[np.float64]:
    """Densities (dyes, nx, ny) at the start, for the last target, if there is one."""
    specs = (config.smoke,) * dyes if isinstance(config.smoke, str) else config.smoke
    if SORTED in specs and target is None:
        raise ConfigError(
            f"smoke: {SORTED} puts the cells of the target in order, and target is null; name one,"
            f" or choose another smoke, such as {', '.join(PATTERNS)}."
        )
    if target is not None and config.smoke == SORTED:
        return sorted_smoke(target)
    if config.colour and isinstance(config.smoke, str) and _is_file(config.smoke):
        return colours_from_file(file_path(config.smoke), shape, resample=config.resample)[0]
    each = []
    for dye, spec in enumerate(specs):
        if target is not None and spec == SORTED:
            each.append(sorted_smoke(target[dye : dye + 1])[0])
            continue
        most = 1.0
        if target is not None and config.match_mass:
            most = float(np.mean(target[dye]))
        each.append(initial_smoke(spec, shape, resample=config.resample, most=most))
    return np.stack(each)


def _is_one_smoke(smoke: str | tuple[str, ...]) -> bool:
    """Whether all dyes begin as the same smoke, whatever their colours."""
    if isinstance(smoke, tuple):
        return len(set(smoke)) == 1 and smoke[0] != SORTED
    return smoke != SORTED and not _is_file(smoke)


def _is_file(spec: str) -> bool:
    drawn = spec in PATTERNS or spec == SORTED or spec.startswith(TEXT_PREFIX)
    return not drawn and file_path(spec).is_file()


def _file_in_colour(key: str, target: str | tuple[str, ...]) -> Path:
    if not isinstance(target, str) or not _is_file(target):
        raise ConfigError(
            f"colour: {key} must then be one image file, got {target!r}; only files have colours."
            f" Give {key} a photograph, leave colour out, or list a picture for each dye."
        )
    return file_path(target)
