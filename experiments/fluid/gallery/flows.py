"""Pictures of the physics: flows that nobody has optimised."""

from __future__ import annotations

from typing import Any

import numpy as np
from matplotlib.figure import Figure

from sciopt.fluid.drawings import draw
from sciopt.fluid.physics import Forces, Grid, Inflow, Medium, Scheme, project, simulate
from sciopt.fluid.physics.advection import advect, traced
from sciopt.fluid.physics.differences import divergence
from sciopt.fluid.smoke import initial_smoke
from sciopt.plotting import style
from sciopt.plotting.paint import smoke_picture

from .panels import curl, curves, image, page, signed, smoke

_POROUS = 0.03  # occlusion of what lets half of the wind through
_WALLS: Any = ("free-slip", "free-slip")


def sides() -> Figure:
    """Two vortices push a ball of smoke to the right, in a box of each kind."""
    shape = (72, 72)
    start = _disc(shape, 36, 30, 11)[None]
    velocity = _pair(shape, 36, 30, 9.0, 1.4)
    panels = [smoke("start", start, arrows=velocity)]
    spins = [curl("vorticity", velocity, 0.2)]
    for name in ("periodic", "free-slip", "no-slip", "channel"):
        wall: Any = (name, name) if name != "channel" else ("free-slip", "channel")
        projection: Any = "multigrid" if name == "channel" else "spectral"
        scheme = Scheme(Grid(shape, wall), "bicubic", "midpoint", projection=projection)
        wind = np.zeros((2, shape[0]))
        wind[1] = 0.25
        inflow = Inflow(wind, np.zeros((1, shape[0]))) if name == "channel" else None
        moving = velocity + (wind[:, :, None] if inflow else 0.0)
        medium = Medium(viscosity=np.array(0.05), inflow=inflow)
        end = simulate(scheme, moving, start, steps=110, medium=medium)
        panels.append(smoke(name, end.smoke, arrows=end.velocity))
        spins.append(curl("vorticity", end.velocity, 0.2))
    return page([*panels, *spins], 5)


def transport() -> Figure:
    """A star after one turn of the box, by each method."""
    shape, steps = (80, 80), 48
    grid = Grid(shape, _WALLS)
    x, y = np.indices(shape) - 39.5
    turning = (2 * np.pi / steps) * np.stack([-y, x])
    start = np.zeros((1, *shape))
    start[0, 8:72, 8:72] = draw("star", (64, 64))
    panels = [image("start", _beyond(start))]
    for title, kind, backtrace, limiter in (
        ("bilinear", "bilinear", "midpoint", "none"),
        ("bicubic", "bicubic", "midpoint", "none"),
        ("maccormack", "maccormack", "midpoint", "none"),
        ("limiter smooth", "maccormack", "midpoint", "smooth"),
        ("bicubic by euler", "bicubic", "euler", "none"),
    ):
        paths = traced(turning, grid, 1.0, kind, backtrace, limiter)  # type: ignore[arg-type]
        carried = start
        for _ in range(steps):
            carried = advect(carried, grid.smoke_sides, paths)
        panels.append(image(title, _beyond(carried)))
    return page(panels, 6)


def projection() -> Figure:
    """The divergence that is left, and an exact flow around an obstacle."""
    shape = (64, 64)
    grid = Grid(shape, ("periodic", "periodic"))
    w = _noise(shape, 3, 5.0)
    before = divergence(w, grid)
    limit = 0.6 * float(np.abs(before).max())
    panels = [signed("divergence before", before, limit)]
    sweeps = (1, 2, 3, 5, 10, 20, 30, 50, 100, 200, 300)
    left = []
    for count in sweeps:
        after = divergence(project(Scheme(grid, sweeps=count), Medium(), w), grid)
        left.append(float(np.std(after) / np.std(before)))
        if count == 10:
            panels.append(signed("after 10 sweeps", after, limit))
    exact = {}
    for name in ("multigrid", "spectral"):
        after = divergence(
            project(Scheme(grid, projection=name, tolerance=1e-8), Medium(), w), grid
        )
        exact[name] = (sweeps, [float(np.std(after) / np.std(before))] * len(sweeps))
    panels.append(
        curves(
            "what is left of it", "sweeps",
            {"jacobi": (sweeps, left), **exact},
            log=True,
        )
    )  # fmt: skip
    solid = _disc(shape, 32, 26, 11)
    channel = Grid(shape, ("free-slip", "channel"))
    wind = np.zeros((2, 64, 64))
    wind[1] = 1.0
    medium = Medium(solid=solid, inflow=Inflow(wind[:, :, 0], np.zeros((1, 64))))
    around = project(Scheme(channel, projection="multigrid"), medium, wind)
    speed = np.hypot(*around)[None] / 2
    panels.append(smoke("around a disc", speed, solid, around))
    return page(panels, 4)


def viscosity() -> Figure:
    """The same eddies in thin, thicker and thick air."""
    shape = (80, 80)
    grid = Grid(shape)
    scheme = Scheme(grid, "bicubic", "midpoint", projection="spectral")
    start = project(scheme, Medium(), 1.2 * _noise(shape, 1, 4.0))
    limit = 0.6
    panels = [curl("start", start, limit)]
    still = np.zeros((1, *shape))
    for value in (0.0, 0.1, 1.0):
        end = simulate(scheme, start, still, steps=40, medium=Medium(viscosity=np.array(value)))
        panels.append(curl(f"viscosity {value:g}", end.velocity, limit))
    return page(panels, 4)


def forces() -> Figure:
    """Warm smoke that rises, and smoke in a force that turns."""
    shape = (80, 80)
    scheme = Scheme(Grid(shape, _WALLS), "bicubic", "midpoint", projection="spectral")
    still, warm = np.zeros((2, *shape)), _disc(shape, 62, 40, 11)[None]
    rising = simulate(
        scheme, still, warm, steps=60, keep=(0, 40, 60), medium=Medium(buoyancy=np.array(0.08))
    )
    panels = [
        smoke(f"buoyancy, step {step}", state.smoke, arrows=state.velocity if step else None)
        for step, state in zip((0, 40, 60), rising.kept)
    ]
    knots = 0.02 * np.stack([_eddy(shape, 40, 40, 16.0), -_eddy(shape, 40, 40, 16.0)])
    turned = simulate(
        scheme, still, initial_smoke("bands", shape)[None], steps=60, keep=(30, 60),
        forces=Forces(knots, 30),
    )  # fmt: skip
    for step, state, knot in zip((30, 60), turned.kept, knots):
        panels.append(smoke(f"forces, step {step}", state.smoke, arrows=knot))
    return page(panels, 5)


def obstacles() -> Figure:
    """A wind with streaks past a disc, a picture and something porous."""
    shape = (64, 96)
    streaks = initial_smoke("streaks", shape)[None]
    wind = np.zeros((2, *shape))
    wind[1] = 1.0
    star = np.zeros(shape)
    star[12:52, 16:56] = draw("star", (40, 40))
    scheme = Scheme(
        Grid(shape, ("free-slip", "channel")), "bicubic", "midpoint", projection="multigrid"
    )
    panels = []
    disc = _disc(shape, 32, 36, 12)
    for title, shown, density in (
        ("a disc", disc, 1.0),
        ("a picture as a mask", star, 1.0),
        ("a porous disc", 0.4 * disc, _POROUS),
    ):
        solid = density * (shown > 0 if density < 1 else shown)
        medium = Medium(np.array(0.05), None, solid, Inflow(wind[:, :, 0], streaks[:, :, 0]))
        end = simulate(scheme, wind, 0 * streaks, steps=160, medium=medium, project_first=True)
        panels.append(smoke(title, end.smoke, shown))
    return page(panels, 3, aspect=2 / 3)


def dyes() -> Figure:
    """One to three dyes in the same flow."""
    shape = (72, 72)
    scheme = Scheme(Grid(shape, _WALLS), "bicubic", "midpoint", projection="spectral")
    stirring = 1.5 * (_eddy(shape, 36, 22, 9.0) - _eddy(shape, 36, 50, 9.0))
    blobs = [_disc(shape, x, y, 13) for x, y in ((20, 36), (48, 22), (48, 50))]
    panels = []
    for count, name in ((1, "one dye"), (2, "two dyes"), (3, "three")):
        start = np.stack(blobs[:count])
        end = simulate(scheme, stirring, start, steps=34)
        panels += [smoke(name, start), smoke("stirred", end.smoke)]
    return page(panels, 6)


def _disc(shape: tuple[int, int], x: float, y: float, radius: float) -> Any:
    """One inside, zero outside, the edge one cell wide."""
    i, j = np.indices(shape)
    return np.clip(radius - np.hypot(i - x, j - y) + 0.5, 0.0, 1.0)


def _eddy(shape: tuple[int, int], x: float, y: float, width: float) -> Any:
    """A velocity that turns counter-clockwise, at most 1."""
    i, j = np.indices(shape)
    near = np.exp(0.5 - ((i - x) ** 2 + (j - y) ** 2) / (2 * width**2)) / width
    return near * np.stack([-(j - y), i - x])


def _pair(shape: tuple[int, int], x: float, y: float, width: float, speed: float) -> Any:
    """Two eddies that push each other, and what is between them, to the right."""
    above, below = (_eddy(shape, x + d, y, width) for d in (-width, width))
    return speed * (above - below)


def _noise(shape: tuple[int, int], seed: int, waves: float) -> Any:
    """A random velocity of unit standard deviation, of about so many waves across the box."""
    spectrum = np.fft.fft2(np.random.default_rng(seed).standard_normal((2, *shape)))
    k = np.hypot(*np.meshgrid(*(np.fft.fftfreq(n, 1 / n) for n in shape), indexing="ij"))
    field = np.fft.ifft2(spectrum * np.exp(-((k / waves) ** 2))).real
    return field / field.std()


def _beyond(densities: Any) -> Any:
    """Smoke in its colours, but red where it is outside of 0 to 1 by more than 3 percent."""
    picture = smoke_picture(densities).astype(float)
    out = np.clip(np.abs(densities[0] - 0.5) - 0.53, 0.0, 0.1)[..., None] / 0.1
    red = 255 * np.array(_rgb(style.ALARM))
    return ((1 - out) * picture + out * red).astype(np.uint8)


def _rgb(colour: str) -> tuple[float, ...]:
    return tuple(int(colour[k : k + 2], 16) / 255 for k in (1, 3, 5))


FIGURES = {
    "sides": sides,
    "transport": transport,
    "projection": projection,
    "viscosity": viscosity,
    "forces": forces,
    "obstacles": obstacles,
    "dyes": dyes,
}
"""By the name of the file, without fluid- and .png."""
