"""The backward pass against derivatives worked out on paper."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from PIL import Image

import autodiff.numpy as anp
from autodiff.graph import nodes
from experiments.lecture import backward, gif
from experiments.lecture.logistic import derivatives_by_hand, loss
from sciopt.plotting import style


@pytest.mark.parametrize("shape", [(), (50,)])
def test_every_cotangent_is_the_hand_derived_one(
    shape: tuple[int, ...], rng: np.random.Generator
) -> None:
    arguments = tuple(rng.standard_normal(shape) for _ in range(4))
    steps = backward.steps_on_the_slide(*arguments)
    by_hand = derivatives_by_hand(*arguments)
    assert {step.name for step in steps} == set(by_hand)
    for step in steps:
        np.testing.assert_allclose(step.cotangent, by_hand[step.name], rtol=0, atol=1e-14)


def test_the_hand_derived_ones_are_derivatives(rng: np.random.Generator) -> None:
    arguments = rng.standard_normal(4)
    by_hand, h = derivatives_by_hand(*arguments), 1e-5
    for k, name in enumerate("wxbt"):
        e = h * np.eye(4)[k]
        difference = (loss(*(arguments + e)) - loss(*(arguments - e))) / (2 * h)
        assert by_hand[name] == pytest.approx(difference, abs=1e-9)  # h^2 and rounding over h


def test_a_cotangent_is_the_sum_of_the_messages_received() -> None:
    steps = backward.compute().steps
    for step in steps:
        received = [other.messages[step.name] for other in steps if step.name in other.messages]
        assert step.cotangent == (sum(received) if received else 1.0)


def test_a_value_that_is_used_twice_adds_up_two_messages() -> None:
    graph = nodes(lambda x: x * anp.sin(x) + x, 0.5)
    last = backward.backward_pass(1.0, graph[-1])[-1]
    assert last.name == "x"
    assert last.cotangent == pytest.approx(np.sin(0.5) + 0.5 * np.cos(0.5) + 1, rel=1e-15)


def test_children_come_before_their_parents() -> None:
    steps = backward.compute().steps
    place = {step.name: k for k, step in enumerate(steps)}
    assert steps[0].name == "L"
    assert all(place[name] > place[step.name] for step in steps for name in step.messages)


def test_grad_is_the_vjp_of_one() -> None:
    found = backward.compute()
    assert found.grad == found.vjp_of_one == pytest.approx(found.by_hand["w"], rel=1e-14)
    assert "to 1e-14: True" in "\n".join(backward.report(found))


def test_the_animation_has_a_frame_for_each_node(tmp_path: Path) -> None:
    found = backward.compute()
    short = backward.Backward(found.steps[:2], found.by_hand, found.grad, found.vjp_of_one)
    picture, animation = backward.draw(short, tmp_path / "backward")
    assert picture.name == "backward.png"
    with Image.open(animation) as image:
        assert image.n_frames == 4  # the beginning, two nodes, the end
        first = np.asarray(image.convert("RGB")).astype(int)
        image.seek(2)
        assert np.abs(np.asarray(image.convert("RGB")) - first).max() > 50


def test_an_animation_of_frames_of_different_sizes_is_refused(tmp_path: Path) -> None:
    frames = [style.new_figure(2.0, 1.0), style.new_figure(2.0, 1.5)]
    with pytest.raises(ValueError, match=r"a\.gif: frames of different sizes"):
        gif.write(frames, tmp_path / "a.gif", milliseconds=100)
    assert list(tmp_path.iterdir()) == []
