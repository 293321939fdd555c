"""Turn what the user names as a target into a density on the grid."""

import contextlib
import difflib
import os
import re
import stat
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from sciopt.errors import TargetError
from sciopt.fluid.drawings import DRAWINGS, draw, draw_text
from sciopt.fluid.picture import Picture, read_picture
from sciopt.fluid.resample import axis_weights

TEXT_PREFIX = "text:"

BRIGHT_MEAN = 0.6
"""Mean density above which a target is probably meant the other way round."""

Density = NDArray[np.float64]

_LEAST_CONTRAST = 1 / 512  # half of one grey level of an 8-bit image
_LONGEST_SHOWN = 80


@dataclass(frozen=True)
class TargetImage:
    """A density to be formed, and where it comes from.

    Attributes:
        density: shape (nx, ny), float64, in [0, 1]; 1 is full smoke.
        name: what a run of it may be called, for example "smile".
        notices: sentences that the user should read.
        source: path of the image file, or "built-in NAME".
    """

    density: Density
    name: str
    notices: tuple[str, ...]
    source: str


def load_target(
    spec: str, shape: tuple[int, int], *, invert: bool = False, resample: str = "area"
) -> TargetImage:
    """Read or draw the target that `spec` names.

    Bright parts are smoke, or dark parts with `invert`; transparent parts and the padding that
    brings a file's aspect to the grid's are never smoke. A file that exists comes first; otherwise
    `spec`, or its stem (smile.png), names a built-in target, and text:WORD draws a word.

    Args:
        spec: path of an image file, name of a built-in target, or text:WORD.
        shape: (nx, ny), rows and columns of cells.
        invert: whether dark parts become smoke instead of bright ones.
        resample: a method of `resample.axis_weights`; built-in targets do not need one.
    Raises: TargetError if there is no such target, if the file cannot be read, or if the target is
        the same everywhere, so that there is nothing to form.
    """
    if spec.startswith(TEXT_PREFIX):
        text = spec[len(TEXT_PREFIX) :]
        drawn = draw_text(text, shape)
        return _drawn_target(drawn, text.strip(), f'built-in text "{text.strip()}"', (), invert)
    path = file_path(spec)
    name = built_in_name(spec)
    if is_file(path, or_else=name):
        return _target_from_file(path, shape, invert, resample)
    notices: tuple[str, ...] = ()
    if name is None:
        name = built_in_name(path.stem)
        if name is None:
            raise TargetError(_no_such_target(spec))
        notices = (f"no file {spec} here; using the built-in target {name}",)
    return _drawn_target(draw(name, shape), name, f"built-in {name}", notices, invert)


def built_in_name(word: str) -> str | None:
    """The built-in target that `word` names, whatever its case and its separators, or None."""
    name = re.sub(r"[\s_]+", "-", word.strip().lower())
    return name if name in DRAWINGS else None


def file_path(spec: str) -> Path:
    """`spec` as a path, with a leading ~ replaced by the home folder where there is one.

    Raises: TargetError if `spec` is blank.
    """
    if not spec.strip():
        raise TargetError(
            "the name of a picture is blank; name an image file, text:WORD, "
            f"or one of {', '.join(DRAWINGS)}."
        )
    try:
        return Path(spec).expanduser()
    except RuntimeError:  # no such user, or a user without a home
        return Path(spec)


def is_file(path: Path, or_else: str | None) -> bool:
    """Whether `path` is a file to be read; a missing path is False.

    Raises: TargetError if there is something at `path` that is not a file, or that the system does
        not let us see, unless `or_else` names another way to go on.
    """
    try:
        mode = path.stat().st_mode
    except (FileNotFoundError, NotADirectoryError, ValueError):
        return False
    except OSError as error:
        if or_else or not os.path.lexists(path):
            return False
        raise TargetError(f"{path} cannot be read: {error.strerror}.") from error
    if stat.S_ISREG(mode):
        return True
    if or_else:
        return False
    kind = "a folder" if stat.S_ISDIR(mode) else "not a regular file"
    raise TargetError(f"{path} is {kind}; an image file is expected.")


def density_from_file(
    path: Path, shape: tuple[int, int], *, invert: bool = False, resample: str = "area"
) -> tuple[Density, int]:
    """Density on the grid of the image file at `path`, and how many frames the file has.

    Raises: TargetError if the file cannot be read, if it is the same everywhere, or if `resample`
        is "stride" and its size is not a whole multiple of the grid's.
    """
    picture = read_picture(path)
    if picture.is_blank:
        raise TargetError(
            f"{path} has the same colour everywhere, so there is nothing to form; "
            "an image with bright and dark parts is expected."
        )
    density = _density(picture, shape, invert, resample)
    if np.ptp(density) < _LEAST_CONTRAST:
        other = _density(picture, shape, not invert, resample)
        level = f"smoke density {density.flat[0]:.2f} everywhere"
        remedy = "Use an image with bright and dark parts."
        if np.ptp(other) >= _LEAST_CONTRAST:
            remedy = (
                "Its picture is bright: leave out --invert."
                if invert
                else "Its picture is dark: use --invert to make the dark parts smoke."
            )
        raise TargetError(f"{path} gives {level}, so there is nothing to form. {remedy}")
    return density, picture.frames


def _target_from_file(
    path: Path, shape: tuple[int, int], invert: bool, resample: str
) -> TargetImage:
    density, frames = density_from_file(path, shape, invert=invert, resample=resample)
    notices = []
    if frames > 1:
        notices.append(f"{path} has {frames} frames; the first one is the target")
    if not invert and density.mean() > BRIGHT_MEAN:
        notices.append(
            f"{path} is mostly bright: {density.mean():.0%} of the picture would be smoke. "
            "If the dark parts are meant, use --invert"
        )
    return TargetImage(density, path.stem, tuple(notices), str(path))


def _drawn_target(
    drawn: Density, name: str, source: str, notices: tuple[str, ...], invert: bool
) -> TargetImage:
    return TargetImage(1.0 - drawn if invert else drawn, name, notices, source)


def _density(picture: Picture, shape: tuple[int, int], invert: bool, resample: str) -> Density:
    try:
        rows, columns = axis_weights(picture.shape, shape, resample)
    except ValueError:
        height, width = picture.shape
        raise TargetError(
            f"{picture.path} has {height} rows and {width} columns, the grid {shape[0]} and "
            f"{shape[1]}: resample: stride takes every k-th pixel, so it needs the same whole "
            "multiple both ways. Choose another size or resample: area."
        ) from None
    density = np.zeros(shape)
    for strip, brightness, opacity in picture.strips(columns=shape[1]):
        smoke = (1.0 - brightness if invert else brightness) * opacity
        density += rows[:, strip] @ (columns @ smoke.T).T
    return np.clip(density, 0.0, 1.0)  # lanczos overshoots; round-off elsewhere


def _no_such_target(spec: str) -> str:
    nearest = _nearest_name(file_path(spec))
    hint = f" Did you mean {nearest}?" if nearest else ""
    return (
        f"no file and no built-in target {shown(spec)}.{hint} "
        f"Built-in: {', '.join(DRAWINGS)}, or text:WORD."
    )


def _nearest_name(path: Path) -> str | None:
    """The built-in target, or the file of the same kind beside `path`, named most like it."""
    by_stem = {name: name for name in DRAWINGS}
    if path.suffix:
        with contextlib.suppress(OSError, ValueError):
            beside = (entry for entry in path.parent.iterdir() if entry.suffix == path.suffix)
            by_stem |= {entry.stem.lower(): str(entry) for entry in beside}
    matches = difflib.get_close_matches(path.stem.lower(), by_stem, n=1)
    return by_stem[matches[0]] if matches else None


def shown(spec: str) -> str:
    """`spec` as a message can show it: short, on one line, never blank."""
    brief = spec if len(spec) <= _LONGEST_SHOWN else f"{spec[:_LONGEST_SHOWN]}..."
    return brief if brief.strip() and brief.isprintable() else repr(brief)
