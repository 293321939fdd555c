from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from scipy.signal import correlate

from sciopt.errors import ConfigError
from sciopt.hyperopt.config import ModelConfig
from sciopt.hyperopt.models import build_model
from sciopt.hyperopt.models.activations import ACTIVATIONS
from sciopt.hyperopt.models.convnet import convolve, halved
from sciopt.hyperopt.models.losses import cross_entropy, squared_error


def built(is_classification: bool = True, **settings: Any) -> Any:
    config = ModelConfig.model_validate(settings)
    return build_model(config, is_classification=is_classification)


def test_mlp_is_its_formula(rng: np.random.Generator) -> None:
    model = built(name="mlp", hidden=[5, 4])
    params = model.init(rng, (2, 3), 2)
    assert [layer["weights"].shape for layer in params] == [(6, 5), (5, 4), (4, 2)]
    assert not any(layer["bias"].any() for layer in params)
    params = [{k: v + 0.1 for k, v in layer.items()} for layer in params]
    inputs = rng.standard_normal((7, 2, 3))
    x = inputs.reshape(7, 6)
    for layer in params[:-1]:
        x = np.tanh(x @ layer["weights"] + layer["bias"])
    expected = x @ params[-1]["weights"] + params[-1]["bias"]
    np.testing.assert_allclose(model.predict(params, inputs), expected, rtol=1e-13)


def test_weights_begin_with_a_variance_of_one_over_the_inputs(rng: np.random.Generator) -> None:
    weights = built(name="mlp", hidden=[50]).init(rng, (400,), 10)[0]["weights"]
    assert np.std(weights) == pytest.approx(0.05, rel=0.03)  # 20 000 draws: 0.5 percent


def test_layers_may_go_without_bias(rng: np.random.Generator) -> None:
    params = built(name="mlp", bias=False).init(rng, (3,), 2)
    assert all(set(layer) == {"weights"} for layer in params)


@pytest.mark.parametrize(("name", "classes"), [("linear", False), ("logistic", True)])
def test_regressions_are_one_layer(name: str, classes: bool, rng: np.random.Generator) -> None:
    model = built(classes, name=name)
    params = model.init(rng, (3,), 2)
    assert len(params) == 1
    inputs = rng.standard_normal((4, 3))
    np.testing.assert_allclose(model.predict(params, inputs), inputs @ params[0]["weights"])


def test_convolution_is_scipys_correlation(rng: np.random.Generator) -> None:
    images = rng.standard_normal((2, 7, 6, 3))
    kernel = rng.standard_normal((3, 3, 3, 4))  # rows, columns, depth, channels
    layer = {"weights": kernel.reshape(27, 4), "bias": np.arange(4.0)}
    found = convolve(layer, images)
    for image, answer in zip(images, found):
        for c in range(4):
            expected = correlate(image, kernel[..., c], mode="valid")[..., 0] + c
            np.testing.assert_allclose(answer[..., c], expected, rtol=1e-11, atol=1e-12)


def test_halved_takes_means_and_drops_an_odd_edge() -> None:
    x = np.arange(15.0).reshape(1, 3, 5, 1)
    np.testing.assert_array_equal(halved(x)[0, ..., 0], [[3.0, 5.0]])


def test_convnet_takes_images_with_and_without_depth(rng: np.random.Generator) -> None:
    model = built(name="convnet", channels=[2, 3])
    params = model.init(rng, (12, 10), 4)
    images = rng.standard_normal((5, 12, 10))
    outputs = model.predict(params, images)
    assert outputs.shape == (5, 4)
    np.testing.assert_array_equal(model.predict(params, images[..., None]), outputs)


@pytest.mark.parametrize(
    ("settings", "shape", "said"),
    [
        ({"name": "convnet"}, (5,), "convnet needs images, but an input has shape"),
        ({"name": "convnet", "channels": [2, 2, 2]}, (12, 12), "3 convolutions are too many"),
    ],
)
def test_convnet_refuses_what_is_no_image_or_too_small(
    settings: Any, shape: Any, said: str, rng: np.random.Generator
) -> None:
    with pytest.raises(ConfigError, match=said):
        built(**settings).init(rng, shape, 2)


@pytest.mark.parametrize(
    ("settings", "classes", "said"),
    [
        ({"name": "mpl"}, True, "did you mean mlp"),
        ({"name": "resnet50"}, True, "choose one of linear, logistic, mlp, convnet"),
        ({"name": "linear"}, True, "take logistic"),
        ({"name": "logistic"}, False, "take linear"),
        ({"name": "mlp", "options": {"width": 2}}, True, "built in and takes none"),
    ],
)
def test_models_that_are_not_there_or_do_not_fit(settings: Any, classes: bool, said: str) -> None:
    with pytest.raises(ConfigError, match=said):
        built(classes, **settings)


def test_cross_entropy_is_minus_the_logarithm_of_the_probability() -> None:
    outputs = np.array([[1.0, 2.0, 0.5], [1000.0, 0.0, -1000.0]])
    shares = np.array([[0.0, 1.0, 0.0], [0.0, 1.0, 0.0]])
    expected = -np.log(np.exp(2.0) / np.exp(outputs[0]).sum())
    np.testing.assert_allclose(cross_entropy(outputs, shares), [expected, 1000.0], rtol=1e-14)


def test_squared_error_sums_over_outputs() -> None:
    found = squared_error(np.array([[1.0, 2.0]]), np.array([[0.0, 4.0]]))
    np.testing.assert_array_equal(found, [2.5])


def test_activations_are_their_formulas() -> None:
    from scipy.stats import norm

    x = np.linspace(-3, 3, 13)
    expected = {
        "tanh": np.tanh(x),
        "relu": np.maximum(x, 0),
        "softplus": np.log1p(np.exp(x)),
        "gelu": x * norm.cdf(x),
    }
    assert set(expected) == set(ACTIVATIONS)
    for name, values in expected.items():
        np.testing.assert_allclose(ACTIVATIONS[name](x), values, rtol=1e-12, atol=1e-15)
    assert ACTIVATIONS["softplus"](1000.0) == 1000.0
