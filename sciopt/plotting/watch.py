"""Watching an optimisation as it goes: in a window, or in a picture file that is rewritten."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from matplotlib.figure import Figure
from numpy.typing import NDArray

from sciopt.plotting import style
from sciopt.plotting.paint import Picture

_LEAST_PAUSE = 0.2  # seconds between two drawings
_SHARE = 0.1  # of the time, that drawing may take at most
_SIZE = (12.0, 4.4)  # inches
_BACKENDS = ("macosx", "qtagg", "gtk4agg", "gtk3agg", "tkagg", "wxagg")


@dataclass(frozen=True)
class View:
    """What is shown of an optimisation.

    Attributes:
        smoke, target: red, green, blue, shape (nx, ny, 3).
        losses: of the start and of each accepted iterate, (E,).
        title: one line.
    """

    smoke: Picture
    target: Picture
    losses: NDArray[np.float64]
    title: str


class Watch:
    """Draws views, seldom enough to cost at most a tenth of the time.

    Drawing is for looking only: a window that was closed, or a file that cannot be written, ends
    it without a word, and the optimisation goes on.
    """

    def __init__(
        self,
        show: Callable[[Figure], bool],
        figure: Figure,
        where: str,
        clock: Callable[[], float] = time.perf_counter,
    ) -> None:
        """`show` brings the figure before the user's eyes, and says whether that still works."""
        self.where = where
        self._show, self._figure, self._clock = show, figure, clock
        self._next = -np.inf
        self._alive = True

    def update(self, view: Callable[[], View], *, last: bool = False) -> bool:
        """Draw what `view` gives if it is time to, or at the end; say whether it was drawn.

        `view` is only called then: it may be expensive, and its time counts as drawing.
        """
        began = self._clock()
        if not self._alive or (began < self._next and not last):
            return False
        with style.themed():
            _draw(self._figure, view())
            self._alive = self._show(self._figure)
        ended = self._clock()
        self._next = ended + max(_LEAST_PAUSE, (ended - began) / _SHARE)
        return self._alive


def open_watch(path: Path, environment: Mapping[str, str] = os.environ) -> Watch:
    """A window where there is a display and a toolkit to open it with, else the file `path`.

    Args:
        path: of the PNG file.
        environment: where the display is named, on systems that do so.
    """
    if has_display(environment):
        window = _window()
        if window is not None:
            return window
    return file_watch(path)


def has_display(environment: Mapping[str, str], platform: str = sys.platform) -> bool:
    """Whether a window would be seen. MPLBACKEND=agg says no."""
    if environment.get("MPLBACKEND", "").casefold() in ("agg", "pdf", "svg", "ps", "cairo"):
        return False
    if platform in ("win32", "cygwin"):
        return True
    if platform == "darwin":
        return "SSH_CONNECTION" not in environment
    return bool(environment.get("DISPLAY") or environment.get("WAYLAND_DISPLAY"))


def file_watch(path: Path) -> Watch:
    """Rewrites the PNG file `path`, which a viewer may reload: it is whole at any time."""

    def show(figure: Figure) -> bool:
        try:
            style.save(figure, path)
        except OSError:
            return False
        return True

    return Watch(show, style.new_figure(*_SIZE), str(path))


def _window() -> Watch | None:
    """A window of the first toolkit that works, or None."""
    import matplotlib.pyplot as plt

    for backend in _BACKENDS:
        try:
            plt.switch_backend(backend)
            with style.themed():
                figure = plt.figure("sciopt", figsize=_SIZE)
            figure.show()
        except _toolkit_errors():
            continue

        def show(figure: Figure) -> bool:
            try:
                if not plt.fignum_exists("sciopt"):
                    return False
                figure.canvas.draw_idle()
                figure.canvas.flush_events()
            except _toolkit_errors():  # the display has gone
                return False
            return True

        return Watch(show, figure, "a window")
    return None


def _toolkit_errors() -> tuple[type[Exception], ...]:
    """What a toolkit raises that is missing, or has lost its display."""
    tcl_error = getattr(sys.modules.get("tkinter"), "TclError", RuntimeError)
    return (ImportError, RuntimeError, OSError, tcl_error)


def _draw(figure: Figure, view: View) -> None:
    """Smoke, target and loss, side by side."""
    figure.clear()
    figure.suptitle(view.title)
    smoke, target, curve = figure.subplots(1, 3)
    style.as_picture(smoke, "smoke at the end")
    smoke.imshow(view.smoke, interpolation="bicubic")
    style.as_picture(target, "target")
    target.imshow(view.target, interpolation="bicubic")
    curve.set_title("loss", loc="left")
    curve.set_xlabel("accepted iterations")
    losses: Any = np.asarray(view.losses, np.float64)
    if losses.size and np.all(losses > 0):
        curve.set_yscale("log")
    curve.plot(losses, color=style.ACCENT, lw=2, marker="o" if losses.size < 2 else "")
