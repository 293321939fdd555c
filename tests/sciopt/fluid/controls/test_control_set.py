from __future__ import annotations

import numpy as np
import pytest

from autodiff import compiled, grad
from autodiff.test_util import check_duality, taylor_order
from sciopt.errors import ConfigError
from sciopt.fluid.controls import (
    ControlSet,
    Domain,
    buoyancy,
    forces,
    inflow,
    initial_smoke,
    initial_velocity,
    obstacle,
    stream_function,
    viscosity,
)
from sciopt.fluid.physics import Grid
from sciopt.optimize import minimize

DOMAIN = Domain(Grid((6, 8), ("free-slip", "periodic")), steps=9)


def everything(domain=DOMAIN, first="stream", **settings):
    nx, ny = domain.shape
    smoke = 0.2 + 0.6 * np.indices((nx, ny))[:1] / nx
    made = stream_function if first == "stream" else initial_velocity
    return ControlSet(
        (
            made(domain, effort_weight=0.1),
            forces(domain, 3, limit=0.5),
            initial_smoke(domain, smoke),
            inflow(domain, 1.0, bounds=(0.5, 2.0)),
            obstacle(domain, np.ones((nx, ny)), np.full((nx, ny), -1.0)),
            viscosity(domain, 0.1, (1e-3, 1.0)),
            buoyancy(domain, 0.02),
        ),
        **settings,
    )


def test_packing_and_unpacking_go_round(rng):
    controls = everything()
    vector = rng.standard_normal(controls.size)
    again = controls.vector(controls.parameters(vector))
    np.testing.assert_allclose(again, vector, rtol=1e-15)
    assert controls.size == 50 + 3 * 2 * 48 + 48 + 6 + 48 + 1 + 1


def test_the_start_gives_the_values_that_were_asked_for():
    values = everything(first="velocity").unpack(everything(first="velocity").start())
    assert list(values) == [
        "velocity", "forces", "smoke", "inflow", "occlusion", "viscosity", "buoyancy",
    ]  # fmt: skip
    assert values["velocity"].shape == (2, 6, 8)
    assert values["forces"].shape == (3, 2, 6, 8)
    assert values["viscosity"] == pytest.approx(0.1)
    np.testing.assert_array_equal(values["inflow"], np.ones(6))


def test_values_have_the_dtype_of_the_simulation():
    values = everything(dtype="float32").unpack(everything().start())
    assert {value.dtype for value in values.values()} == {np.dtype("float32")}


def total(controls):
    """A number that depends on every value, and on the penalties."""

    def of(vector):
        values = controls.unpack(vector)
        terms = [(value**2 + 0.3 * value).sum() for value in values.values()]
        return sum(terms) + sum(controls.penalties(vector).values())

    return of


def test_gradients_of_all_controls_together(rng):
    controls = everything()
    f, vector = total(controls), controls.start() + 0.1 * rng.standard_normal(controls.size)
    direction = rng.standard_normal(controls.size)
    assert taylor_order(f, vector, direction, 0.05) == pytest.approx(2, abs=0.1)
    check_duality(f, vector)
    np.testing.assert_allclose(compiled(grad(f))(vector), grad(f)(vector), rtol=1e-12)
    slices = controls.slices()
    for name in slices:
        assert np.any(grad(f)(vector)[slices[name]] != 0), name


def test_bounds_are_in_the_vectors_units_and_kept_by_the_optimizer():
    controls = everything()
    low, high = controls.bounds()
    place = controls.slices()
    assert set(high[place["forces"]]) == {1.5}, "0.5 in units of 1/3"
    assert np.isinf(low[place["initial smoke"]]).all()
    assert low[place["viscosity"]] == pytest.approx(np.log(1e-3))
    outcome = minimize(
        lambda x: (float(x.sum()), np.ones_like(x)),
        controls.start()[place["forces"]],
        bounds=(low[place["forces"]], high[place["forces"]]),
        iterations=5,
    )
    np.testing.assert_array_equal(outcome.x, low[place["forces"]])
    assert ControlSet((initial_velocity(DOMAIN),)).bounds() is None


def test_refined_parameters_start_the_controls_of_a_finer_grid(rng):
    finer = Domain(Grid((12, 16), DOMAIN.boundary), steps=18)
    coarse, fine = everything(), everything(finer)
    parameters = coarse.refined(coarse.start(), finer)
    vector = fine.vector(parameters)
    assert vector.shape == (fine.size,)
    assert fine.unpack(vector)["viscosity"] == pytest.approx(0.2)


def test_what_is_set_twice_or_not_at_all_is_refused():
    with pytest.raises(
        ConfigError, match="initial velocity and stream function both set the velocity"
    ):
        ControlSet((initial_velocity(DOMAIN), stream_function(DOMAIN)))
    with pytest.raises(ConfigError, match="both set the forces"):
        ControlSet((forces(DOMAIN, 3), forces(DOMAIN, 2)))
    with pytest.raises(ConfigError, match="at least one"):
        ControlSet(())


def test_a_summary_says_how_far_each_control_went():
    controls = everything()
    vector = controls.start()
    vector[controls.slices()["forces"].start] = 1.5
    lines = controls.summary(vector)
    assert lines[1] == "forces: 288 numbers, 0 to 0.5 cells per step^2, 1 at their bounds"
    assert lines[5] == "viscosity: 0.1 cells^2 per step"
