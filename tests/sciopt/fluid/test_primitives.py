"""The compiled operations against the plain ones: values, gradients, directional derivatives."""

from __future__ import annotations

import lecture_scheme as reference
import numpy as np
import pytest

from autodiff import grad, make_jvp, make_vjp
from autodiff.differential_operators import make_jvp_reversemode
from autodiff.test_util import check_duality
from sciopt.fluid import primitives

SHAPES = [(8, 8), (9, 14), (16, 11)]
SWEEPS = 10


def random_state(shape: tuple[int, int], rng: np.random.Generator, kind: str) -> np.ndarray:
    """Fields with displacements of a kind: slow, up to three grid widths, or whole cells."""
    state = rng.standard_normal((3, *shape))
    if kind == "fast":
        state[:2] = rng.uniform(-3, 3, (2, *shape)) * np.array(shape)[:, None, None]
    elif kind == "integer":
        state[:2] = rng.integers(-2 * max(shape), 2 * max(shape), (2, *shape))
    return state


def relative_difference(a: np.ndarray, b: np.ndarray) -> float:
    return float(np.linalg.norm(a - b) / np.linalg.norm(b))


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("kind", ["slow", "fast", "integer"])
def test_step_and_its_derivatives_agree_with_the_plain_form(
    shape: tuple[int, int], kind: str, rng: np.random.Generator
) -> None:
    state = random_state(shape, rng, kind)
    g, direction = rng.standard_normal((2, 3, *shape))
    vjp, value = make_vjp(lambda s: primitives.step(s, SWEEPS))(state)
    plain_vjp, plain_value = make_vjp(lambda s: reference.step(s, SWEEPS))(state)
    assert relative_difference(value, plain_value) < 1e-12
    assert relative_difference(vjp(g), plain_vjp(g)) < 1e-12
    tangent = make_jvp(lambda s: primitives.step(s, SWEEPS))(state)(direction)[1]
    plain_tangent = make_jvp(lambda s: reference.step(s, SWEEPS))(state)(direction)[1]
    assert relative_difference(tangent, plain_tangent) < 1e-12


@pytest.mark.parametrize("kind", ["slow", "fast", "integer"])
@pytest.mark.parametrize("steps", [0, 1, 4])
def test_many_steps_at_once_are_the_steps_one_by_one(
    kind: str, steps: int, rng: np.random.Generator
) -> None:
    state = random_state((9, 14), rng, kind)
    g, direction = rng.standard_normal((2, *state.shape))
    vjp, value = make_vjp(lambda s: primitives.evolve(s, steps, SWEEPS))(state)
    tangent = make_jvp(lambda s: primitives.evolve(s, steps, SWEEPS))(state)(direction)[1]

    def one_by_one(s: np.ndarray) -> np.ndarray:
        for _ in range(steps):
            s = primitives.step(s, SWEEPS)
        return s

    stepwise_vjp, stepwise_value = make_vjp(one_by_one)(state)
    np.testing.assert_array_equal(value, stepwise_value)
    np.testing.assert_array_equal(vjp(g), stepwise_vjp(g))
    np.testing.assert_array_equal(tangent, make_jvp(one_by_one)(state)(direction)[1])


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("kind", ["slow", "fast", "integer"])
def test_advect_and_its_derivatives_agree_with_the_plain_form(
    shape: tuple[int, int], kind: str, rng: np.random.Generator
) -> None:
    state = random_state(shape, rng, kind)
    fields, velocity = state[2:], state[:2]
    g = rng.standard_normal(fields.shape)
    for wrt in (0, 1, (0, 1)):
        vjp, value = make_vjp(primitives.advect, wrt)(fields, velocity)
        plain_vjp, plain_value = make_vjp(reference.advect, wrt)(fields, velocity)
        assert relative_difference(value, plain_value) < 1e-12
        ours, plain = vjp(g), plain_vjp(g)
        for a, b in zip(ours, plain) if isinstance(wrt, tuple) else ((ours, plain),):
            assert relative_difference(a, b) < 1e-12


def test_a_velocity_that_carries_itself_gets_both_derivatives(rng: np.random.Generator) -> None:
    velocity, g = rng.standard_normal((2, 2, 9, 8))
    vjp, _ = make_vjp(lambda v: primitives.advect(v, v))(velocity)
    plain_vjp, _ = make_vjp(lambda v: reference.advect(v, v))(velocity)
    assert relative_difference(vjp(g), plain_vjp(g)) < 1e-12


@pytest.mark.parametrize("sweeps", [0, 1, 10])
def test_project_agrees_with_the_plain_form(sweeps: int, rng: np.random.Generator) -> None:
    velocity, g = rng.standard_normal((2, 2, 12, 9))
    vjp, value = make_vjp(primitives.project)(velocity, sweeps)
    assert relative_difference(value, reference.project(velocity, sweeps)) < 1e-12
    assert relative_difference(vjp(g), make_vjp(reference.project)(velocity, sweeps)[0](g)) < 1e-12


@pytest.mark.parametrize("shape", SHAPES)
def test_forward_and_reverse_mode_are_dual(
    shape: tuple[int, int], rng: np.random.Generator
) -> None:
    state = random_state(shape, rng, "fast")
    check_duality(lambda s: primitives.step(s, SWEEPS), state, rtol=1e-12)
    check_duality(lambda s: primitives.evolve(s, 3, SWEEPS), state, rtol=1e-12)
    check_duality(lambda v: primitives.project(v, SWEEPS), state[:2], rtol=1e-12)
    check_duality(lambda v: primitives.advect(state[2:], v), state[:2], rtol=1e-12)
    check_duality(lambda f: primitives.advect(f, state[:2]), state[2:], rtol=1e-12)


def test_the_transpose_of_the_transpose_is_the_tangent(rng: np.random.Generator) -> None:
    state, direction = rng.standard_normal((2, 3, 8, 8))
    for run in (lambda s: primitives.step(s, SWEEPS), lambda s: primitives.evolve(s, 3, SWEEPS)):
        twice = make_jvp_reversemode(run)(state)(direction)
        once = make_jvp(run)(state)(direction)[1]
        assert relative_difference(twice, once) < 1e-12


@pytest.mark.parametrize("name", ["step", "evolve"])
def test_a_second_derivative_is_refused_by_name(name: str, rng: np.random.Generator) -> None:
    state = rng.standard_normal((3, 8, 8))
    run = {
        "step": lambda s: primitives.step(s, 2).sum(),
        "evolve": lambda s: primitives.evolve(s, 2, 2).sum(),
    }[name]

    def slope(s: np.ndarray) -> float:
        return (grad(run)(s) ** 2).sum()

    with pytest.raises(NotImplementedError, match=f"{name}_adjoint"):
        grad(slope)(state)
    with pytest.raises(NotImplementedError, match=f"{name}_adjoint"):
        make_jvp(grad(run))(state)(state)


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_derivatives_keep_the_dtype(dtype: type, rng: np.random.Generator) -> None:
    state = rng.standard_normal((3, 8, 8)).astype(dtype)
    vjp, value = make_vjp(lambda s: primitives.step(s, 3))(state)
    assert value.dtype == vjp(value).dtype == dtype
