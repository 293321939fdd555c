"""The language of loops: linear integers, printing, and merging axes without changing a thing."""

from __future__ import annotations

from typing import Any

import numpy as onp
import pytest
from loop_interpreter import Written, run_nest

from autodiff.compile.loops.nest import Linear, Nest, Piece, Scalar, Store, dot, merged

FLOAT = onp.dtype("float64")


def _load(*counters: int, offset: int = 0, argument: int = 0) -> Scalar:
    return Scalar("load", (), FLOAT, (argument, Linear(counters, offset)))


def _copying(shape: tuple[int, ...], at: tuple[int, ...], to: tuple[int, ...], offset: int) -> Nest:
    """Loops that copy argument 0 to argument 1."""
    box = tuple((0, n) for n in shape)
    piece = Piece(box, (_load(*at, offset=offset),), (Store(1, Linear(to), 0),))
    return Nest(shape, (piece,), 2)


def test_linear_integers() -> None:
    x, y = Linear((1, 0), 3), Linear((2, -1), 0, ((4, 2),))
    assert x.plus(5) == Linear((1, 0), 8)
    assert x.plus(y, 2) == Linear((5, -2), 3, ((4, 4),))
    assert y.plus(y, -1) == Linear((0, 0))
    assert y.times(-3) == Linear((-6, 3), 0, ((4, -6),))
    assert str(y.plus(-7)) == "2*i0 - 1*i1 + 2*s4 - 7"
    assert str(Linear((0, 0))) == "0"


def test_an_element_number_is_the_dot_product_of_index_and_strides() -> None:
    i, j = Linear((1, 0)), Linear((0, -1), 4)
    assert dot((i, j), (10, 2), 2, 5) == Linear((10, -2), 13)
    assert dot((i, j), (10, 0), 2) == Linear((10, 0))  # broadcast
    k = Linear((0, 0), 0, ((3, 1),))
    assert dot((k, k), (6, -6), 2) == Linear((0, 0))
    assert dot((), (), 0) == Linear(())


def test_nests_print_as_programs() -> None:
    scalars = (
        _load(10, 1),
        Scalar("constant", (), FLOAT, onp.float64(0.5).tobytes()),
        Scalar("multiply", (0, 1), FLOAT, None, FLOAT),
        Scalar("wrapped", (), onp.dtype("int64"), (Linear((1, 0), -1), 32)),
    )
    store = Store(1, Linear((10, 1), 0, ((3, 1),)), 2, adds=True)
    nest = Nest((32, 10), (Piece(((0, 32), (2, 10)), scalars, (store,)),), 2, ("sum", (1,)))
    assert str(nest).splitlines() == [
        "for i0 in 0:32, i1 in 2:10 reducing sum along (1,)",
        "  s0 = load a0[10*i0 + i1] : float64",
        "  s1 = 0.5 : float64",
        "  s2 = multiply(s0, s1) : float64",
        "  s3 = wrapped(i0 - 1, 32) : int64",
        "  a1[10*i0 + i1 + s3] += s2",
    ]
    assert str(Nest((), (Piece((), (), ()),), 0)) == "for once"


def test_what_a_nest_does() -> None:
    nest = _copying((3, 4), (4, 1), (4, 1), 0)
    assert not nest.ordered
    assert not nest.checks
    place = Scalar("place", (0,), onp.dtype("int64"), 5)
    piece = Piece(((0, 3),), (_load(1), place), (Store(0, Linear((1,)), 0, adds=True),))
    assert Nest((3,), (piece,), 1).ordered
    assert Nest((3,), (piece,), 1).checks


def _done(nest: Nest, n: int, m: int) -> Any:
    """What a copying nest leaves in its second array."""
    every = onp.zeros(8 * m, onp.uint8), onp.zeros(8 * m, onp.int64)
    written = Written((m,), FLOAT, *every, 0)
    source = {k: onp.float64(k) for k in range(-n, n)}
    run_nest(nest, [source, written])
    return written.array.tolist()


@pytest.mark.parametrize(
    ("shape", "at", "to", "offset", "wanted"),
    [
        ((3, 4, 5), (20, 5, 1), (20, 5, 1), 0, (60,)),
        ((3, 4, 5), (20, 5, -1), (20, 5, 1), 4, (12, 5)),  # the last axis backwards
        ((3, 4, 5), (-20, -5, -1), (20, 5, 1), 59, (60,)),
        ((3, 4, 5), (24, 6, 1), (20, 5, 1), 0, (12, 5)),  # rows with gaps
        ((3, 4, 5), (5, 0, 1), (20, 5, 1), 0, (3, 4, 5)),  # the middle one stretched
        ((3, 4, 5), (0, 0, 0), (20, 5, 1), 7, (60,)),
        ((3, 1, 5), (5, 99, 1), (5, 7, 1), 0, (15,)),
        ((1, 1), (3, 3), (1, 1), 0, ()),
        ((4, 5), (1, 4), (5, 1), 0, (4, 5)),  # transposed
    ],
)
def test_axes_merge_where_everything_steps_evenly(
    shape: Any, at: Any, to: Any, offset: int, wanted: Any
) -> None:
    nest = _copying(shape, at, to, offset)
    found = merged(nest)
    assert found.shape == wanted
    size = int(onp.prod(shape))
    assert _done(found, 200, size) == _done(nest, 200, size)


def test_axes_of_a_reduction_merge_with_their_kind() -> None:
    piece = Piece(((0, 3), (0, 4), (0, 5)), (_load(20, 5, 1),), (Store(1, Linear((1, 0, 0)), 0),))
    assert merged(Nest((3, 4, 5), (piece,), 2, ("sum", (1, 2)))).reduction == ("sum", (1,))
    assert merged(Nest((3, 4, 5), (piece,), 2, ("sum", (1, 2)))).shape == (3, 20)
    other = Piece(piece.box, piece.scalars, (Store(1, Linear((4, 1, 0)), 0),))
    found = merged(Nest((3, 4, 5), (other,), 2, ("sum", (2,))))
    assert (found.shape, found.reduction) == ((12, 5), ("sum", (1,)))
    total = Piece(piece.box, piece.scalars, (Store(1, Linear((0, 0, 0)), 0),))
    assert merged(Nest((3, 4, 5), (total,), 2, ("max", (0, 1, 2)))).shape == (60,)


def test_nests_in_pieces_stay() -> None:
    first = _copying((4, 5), (5, 1), (5, 1), 0).pieces[0]
    halves = tuple(
        Piece(((0, 4), bounds), first.scalars, first.stores) for bounds in ((0, 2), (2, 5))
    )
    nest = Nest((4, 5), halves, 2)
    assert merged(nest) is nest
