from __future__ import annotations

import numpy as np
import pytest
from PIL import Image

from sciopt.plotting import watch
from sciopt.plotting.style import new_figure
from sciopt.plotting.watch import View, Watch, file_watch, has_display, open_watch


def view(losses=(0.5, 0.2, 0.1), title="iteration 2"):
    picture = np.zeros((8, 8, 3), np.uint8)
    return View(picture, picture + 200, np.array(losses), title)


class Clock:
    """A time that passes as the test wants."""

    now = 0.0

    def __call__(self):
        return self.now


def watched(clock, cost=0.0, works=lambda: True):
    shown = []

    def show(figure):
        shown.append(figure.get_suptitle())
        clock.now += cost
        return works()

    return Watch(show, new_figure(6, 2), "a test", clock), shown


def test_it_draws_at_most_five_times_a_second():
    clock = Clock()
    screen, shown = watched(clock)
    drawn = []
    for _ in range(21):
        drawn.append(screen.update(view))
        clock.now += 1 / 16
    assert sum(drawn) == len(shown) == 6
    assert drawn[:5] == [True, False, False, False, True]


def test_slow_drawing_costs_a_tenth_of_the_time():
    clock = Clock()
    screen, shown = watched(clock, cost=0.5)
    while clock.now < 100:
        screen.update(view)
        clock.now += 0.25
    assert 0.5 * len(shown) == pytest.approx(10, abs=1)


def test_views_are_only_made_to_be_drawn_and_the_last_one_always_is():
    clock = Clock()
    screen, shown = watched(clock)
    made = []

    def expensive():
        made.append(1)
        return view(title=f"view {len(made)}")

    for _ in range(5):
        screen.update(expensive)
    screen.update(expensive, last=True)
    assert len(made) == 2
    assert shown == ["view 1", "view 2"]


def test_a_window_that_was_closed_ends_it_and_nothing_else():
    clock = Clock()
    screen, shown = watched(clock, works=lambda: False)
    for _ in range(3):
        assert not screen.update(view)
        clock.now += 1
    assert not screen.update(view, last=True)
    assert len(shown) == 1


def test_without_a_display_a_picture_is_rewritten(tmp_path):
    path = tmp_path / "live.png"
    screen = open_watch(path, environment={})
    assert screen.where == str(path)
    assert screen.update(view)
    first = path.read_bytes()
    assert screen.update(lambda: view(title="iteration 3"), last=True)
    assert path.read_bytes() != first
    assert list(tmp_path.iterdir()) == [path], "whole or absent, and no rubbish"
    with Image.open(path) as image:
        assert image.size == (1800, 660)


def test_a_file_that_cannot_be_written_ends_it(tmp_path):
    screen = file_watch(tmp_path / "missing" / "live.png")
    assert not screen.update(view)


def test_losses_that_are_not_positive_are_drawn_straight(tmp_path):
    screen = file_watch(tmp_path / "live.png")
    assert screen.update(lambda: view(losses=(1.0, -2.0)))
    assert screen.update(lambda: view(losses=()), last=True)


@pytest.mark.parametrize(
    ("environment", "platform", "seen"),
    [
        ({}, "linux", False),
        ({"DISPLAY": ":0"}, "linux", True),
        ({"WAYLAND_DISPLAY": "wayland-0"}, "linux", True),
        ({"DISPLAY": ""}, "linux", False),
        ({"DISPLAY": ":0", "MPLBACKEND": "Agg"}, "linux", False),
        ({}, "darwin", True),
        ({"SSH_CONNECTION": "1"}, "darwin", False),
        ({}, "win32", True),
    ],
)
def test_where_a_window_would_be_seen(environment, platform, seen):
    assert has_display(environment, platform) is seen


def test_a_display_without_a_toolkit_falls_back_to_the_file(tmp_path, monkeypatch):
    monkeypatch.setattr(watch, "_BACKENDS", ("no-such-toolkit",))
    path = tmp_path / "live.png"
    assert open_watch(path, {"DISPLAY": ":0", "WAYLAND_DISPLAY": "x"}).where == str(path)


def test_a_window_is_kept_up_to_date_and_may_be_closed(monkeypatch):
    import matplotlib.pyplot as plt

    before = plt.get_backend()
    monkeypatch.setattr(watch, "_BACKENDS", ("agg",))  # a canvas without a screen
    monkeypatch.setattr("matplotlib.figure.Figure.show", lambda self: None)
    try:
        screen = watch._window()
        assert screen.where == "a window"
        assert screen.update(view)
        plt.close("sciopt")
        assert not screen.update(view, last=True)
    finally:
        plt.close("all")
        plt.switch_backend(before)
