"""The shape of a wing, by a gradient through a wind tunnel: Autograd's second example."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy
from matplotlib.axes import Axes
from matplotlib.colors import to_rgb
from matplotlib.figure import Figure

from autodiff import make_jvp, value_and_grad
from sciopt.optimize import Iterate, minimize
from sciopt.plotting import style

from . import gif
from .curves import finish
from .running import run_alone
from .wind_tunnel import Tunnel

TITLE = "A wing that forms in a wind tunnel"
SLIDES = "slides 20-21: Autograd's second example"
LOOK_FOR = "nobody drew the wing: the gradient made each cell of a square air or solid"

_H = 1e-5  # step of the differences: leaves 10 digits
_CHECKED = 6  # cells
_PLATES = tuple((angle, width) for angle in (15, 30, 45) for width in (2, 4))  # degrees, cells
_FRAMES = 12
_STAGES = (0.0, 0.2, 0.4, 1.0)  # parts of the way
_ADAM = {"learning_rate": 0.3, "b1": 0.7, "b2": 0.9}
_FASTEST = 0.6  # vertical velocity at which the colours end


@dataclass(frozen=True)
class Wing:
    """A wing of side x side cells, found in K iterations.

    Attributes:
        tunnel: where it was found.
        thetas: the control at the start and after each iteration, (K + 1, side, side).
        ratios: lift over drag of each, (K + 1,).
        gradient: of the loss at the start, (side, side).
        checked: cells whose control was moved for central differences, (Q, 2).
        differences: these, (Q,).
        duality: relative difference of a directional derivative by forward and by reverse mode.
        plates: lift over drag of flat plates, by angle and width, to compare.
    """

    tunnel: Tunnel
    thetas: Any
    ratios: Any
    gradient: Any
    checked: Any
    differences: Any
    duality: float
    plates: dict[tuple[int, int], float]

    @property
    def error(self) -> float:
        """Largest between gradient and central differences, by the largest entry."""
        gap = abs(self.gradient[tuple(self.checked.T)] - self.differences).max()
        return float(gap / abs(self.gradient).max())

    @property
    def best(self) -> int:
        """The iteration with the largest lift over drag."""
        return int(self.ratios.argmax())

    @property
    def best_plate(self) -> tuple[int, int]:
        return max(self.plates, key=lambda plate: self.plates[plate])


def compute(iterations: int = 25, **size: int) -> Wing:
    tunnel = Tunnel(**size)
    start, value_and_gradient = tunnel.start, value_and_grad(tunnel.loss)
    _, gradient = value_and_gradient(start)
    random = numpy.random.default_rng(21)
    checked = random.integers(start.shape[0], size=(_CHECKED, 2))
    differences: Any = []
    for cell in checked:
        h = numpy.zeros(start.shape)
        h[tuple(cell)] = _H
        differences.append((tunnel.loss(start + h) - tunnel.loss(start - h)) / (2 * _H))
    direction = random.standard_normal(start.shape)
    forward = make_jvp(tunnel.loss)(start)(direction)[1]
    duality = float(abs(forward / numpy.vdot(gradient, direction) - 1))
    plates = {plate: -float(tunnel.loss(tunnel.plate(*plate))) for plate in _PLATES}
    path: list[Iterate] = []
    minimize(
        value_and_gradient, start, method="Adam", iterations=iterations, options=_ADAM,
        on_iterate=path.append,
    )  # fmt: skip
    thetas = numpy.array([iterate.x for iterate in path])
    ratios = numpy.array([-iterate.loss for iterate in path])
    differences = numpy.array(differences)
    return Wing(tunnel, thetas, ratios, gradient, checked, differences, duality, plates)


def report(found: Wing) -> list[str]:
    tunnel, (angle, width) = found.tunnel, found.best_plate
    plate = f"a flat plate drawn by hand, {width} cells thick at {angle} degrees"
    shapes = {
        "the block at the start": found.thetas[0],
        "the wing": found.thetas[found.best],
        plate: tunnel.plate(angle, width),
    }
    table = [(name, *tunnel.lift_and_drag(theta)) for name, theta in shapes.items()]
    return [
        f"cells chosen: {found.gradient.size}, by the gradient through {tunnel.steps} time steps "
        f"with {tunnel.sweeps} sweeps each",
        "",
        "  lift    drag  lift / drag",
        *(
            f"{_shown(lift, 3):>6}  {drag:6.3f}  {_shown(lift / drag, 3):>11}  {name}"
            for name, lift, drag in table
        ),
        "",
        f"found in {found.best} iterations; each gradient moves all cells at once, where central",
        f"differences would take {2 * found.gradient.size} simulations",
        f"the first one equals them in {len(found.checked)} cells to {found.error:.0e} "
        f"of its largest entry, and forward mode to {found.duality:.0e}",
        "",
        "The plate is better: a gradient improves the shape that it starts from, here a block,",
        "and does not look for the best of all.",
    ]


def _shown(value: float, digits: int) -> str:
    """Rounded, and without the sign of a zero."""
    return f"{round(value, digits) + 0.0:.{digits}f}"


def draw(found: Wing, path: Path) -> list[Path]:
    """The wing and its wind, how it formed, the first gradient; and the wing as it forms."""
    with style.themed():
        figure = style.new_figure(11.0, 7.6)
        halves: Any = figure.subfigures(2, 1, height_ratios=[1.55, 1])
        wind, ratios = halves[0].subplots(1, 2, width_ratios=[1.75, 1])
        gradient, *stages = halves[1].subplots(1, 1 + len(_STAGES))
        _draw_wind(wind, found, found.best, f"The wing after {found.best} iterations")
        _draw_ratios(ratios, found)
        _draw_gradient(gradient, found)
        for axes, part in zip(stages, _STAGES):
            _draw_stage(axes, found, round(part * found.best))
        picture = style.save(figure, path.with_suffix(".png"))
        # Early iterations change more than late ones.
        shown = numpy.unique((numpy.linspace(0, 1, _FRAMES) ** 1.5 * found.best).round())
        frames = [_frame(found, int(k)) for k in shown]
        return [picture, gif.write(frames, path.with_suffix(".gif"), milliseconds=200, colours=200)]


def _frame(found: Wing, k: int) -> Figure:
    figure = style.new_figure(7.0, 4.4)
    title = f"iteration {k}: lift / drag {_shown(found.ratios[k], 2)}"
    _draw_wind(figure.add_subplot(), found, k, title)
    return figure


def _draw_wind(axes: Axes, found: Wing, k: int, title: str) -> None:
    vx, vy = found.tunnel.wind(found.thetas[k])
    rows, columns = vx.shape
    image = axes.imshow(
        vy, cmap=style.SIGNED, vmin=-_FASTEST, vmax=_FASTEST, interpolation="bicubic"
    )
    inlets = numpy.linspace(0.5, rows - 1.5, 19)
    axes.streamplot(
        numpy.arange(columns), numpy.arange(rows), vx, vy, color=style.FAINT, linewidth=0.8,
        arrowstyle="-", start_points=numpy.stack([0 * inlets, inlets], axis=1),
        integration_direction="forward", broken_streamlines=False,
    )  # fmt: skip
    axes.imshow(_cells(found.tunnel.solid(found.thetas[k])), zorder=3)
    axes.set(xlim=(-0.5, columns - 0.5), ylim=(rows - 0.5, -0.5))
    style.as_picture(axes, title)
    bar = axes.figure.colorbar(image, ax=axes, fraction=0.04, pad=0.02, shrink=0.8)
    bar.set_label("vertical velocity (wind: 1)\nup  ·  down", fontsize=10.5)
    bar.outline.set_visible(False)


def _cells(solid: Any) -> Any:
    """Colours: ink where it is solid, nothing where there is air."""
    return numpy.dstack([numpy.broadcast_to(to_rgb(style.INK), (*solid.shape, 3)), solid])


def _draw_ratios(axes: Axes, found: Wing) -> None:
    angle, _ = found.best_plate
    best = found.plates[found.best_plate]
    label = f"flat plate drawn by hand, {angle}°"
    axes.axhline(best, color="#5fb4ea", ls="--", lw=1.6, label=label)
    axes.plot(found.ratios, color=style.ACCENT, lw=2.6, label="wing")
    axes.set_ylim(top=1.3 * best)  # room for the legend
    finish(axes, "Lift over drag", "iteration", "lift / drag", "upper left")


def _draw_gradient(axes: Axes, found: Wing) -> None:
    largest = abs(found.gradient).max()
    axes.imshow(-found.gradient, cmap=style.SIGNED, vmin=-largest, vmax=largest)
    style.as_picture(axes, "first gradient")
    axes.set_xlabel("orange: make solid\nblue: make air", fontsize=10.5)


def _draw_stage(axes: Axes, found: Wing, k: int) -> None:
    axes.imshow(_cells((numpy.tanh(found.thetas[k]) + 1) / 2))
    style.as_picture(axes, f"iteration {k}")
    axes.set_xlabel(f"lift / drag\n{_shown(found.ratios[k], 2)}", fontsize=10.5)


if __name__ == "__main__":
    run_alone(__file__)
