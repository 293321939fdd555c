from __future__ import annotations

import numpy as np
import pytest

from sciopt.hyperopt.hyperparameters import layout_of, over_arrays, unpacked


def zeros(*shape: int) -> np.ndarray:
    return np.zeros(shape)


def test_list_of_layers() -> None:
    layout = layout_of([{"weights": zeros(3, 4), "bias": zeros(4)}, {"weights": zeros(4, 2)}])
    assert layout.names == ("0.weights", "0.bias", "1.weights")
    assert layout.shapes == ((3, 4), (4,), (4, 2))
    assert layout.layers == (0, 0, 1)
    assert layout.layer_names == ("0", "1")
    assert layout.sizes == (12, 4, 8)
    assert layout.size == 24


def test_dict_of_nested_layers() -> None:
    layout = layout_of({"embed": zeros(5), "block": [{"w": zeros(2, 2)}, (zeros(2), zeros(1))]})
    assert set(layout.layer_names) == {"embed", "block"}
    block = layout.layer_names.index("block")
    assert dict(zip(layout.names, layout.layers)) == {
        "embed": 1 - block, "block.0.w": block, "block.1.0": block, "block.1.1": block,
    }  # fmt: skip


def test_an_array_alone_is_one_layer() -> None:
    layout = layout_of(zeros(2, 3))
    assert (layout.names, layout.layer_names, layout.layers) == (("weights",), ("weights",), (0,))


def test_unpacked_cuts_a_flat_vector_in_order() -> None:
    layout = layout_of([zeros(2, 2), zeros(3)])
    first, second = unpacked(np.arange(7.0), layout)
    np.testing.assert_array_equal(first, [[0, 1], [2, 3]])
    np.testing.assert_array_equal(second, [4, 5, 6])


@pytest.mark.parametrize(
    ("per", "expected"),
    [
        ("global", [9, 9, 9]),
        ("step", [9, 9, 9]),
        ("layer", [0, 0, 1]),
        ("step layer", [0, 0, 1]),
        ("array", [0, 1, 2]),
    ],
)
def test_values_go_to_their_arrays(per: str, expected: list[int]) -> None:
    layout = layout_of([{"w": zeros(2), "b": zeros(1)}, {"w": zeros(3)}])
    value = 9 if per in ("global", "step") else np.arange(3)
    assert [int(each) for each in over_arrays(per, value, layout)] == expected
    assert [each.shape for each in over_arrays("weight", np.arange(6.0), layout)] == [
        *layout.shapes
    ]
