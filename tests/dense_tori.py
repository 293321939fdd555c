"""Matrices of tori written out, the truth that the sparse forms are compared with."""

from __future__ import annotations

import numpy as np

NEXT = ((1, 0), (0, 1), (1, 1), (1, -1))
"""Where the other cell of an edge is, by plane."""


def matrix(w: np.ndarray, closing: tuple[int, int]) -> np.ndarray:
    """Of the energy of edges w, shape (4, nx, ny): (nx ny, nx ny)."""
    _, nx, ny = w.shape
    total = np.zeros((nx * ny, nx * ny))
    for plane, (along, across) in enumerate(NEXT):
        for i, j in np.ndindex(nx, ny):
            change = np.zeros((nx, ny))
            change[i, j] += 1
            a, b = i + along, j + across
            change[a % nx, b % ny] -= sign_beyond(a, b, (nx, ny), closing)
            total += w[plane, i, j] * np.outer(change, change)
    return total


def interpolation_matrix(
    p: np.ndarray, shape: tuple[int, int], closing: tuple[int, int]
) -> np.ndarray:
    """Of the weights p, shape (8, rows, columns): (fine cells, coarse cells)."""
    _, rows, columns = p.shape
    total = np.zeros((*shape, rows, columns))
    for i, j in np.ndindex(shape):
        row, column = i // 2, j // 2
        weights = {(0, 0): 0}
        if i % 2 and j % 2:
            weights = {(0, 0): 4, (0, 1): 5, (1, 0): 6, (1, 1): 7}
        elif i % 2:
            weights = {(0, 0): 0, (1, 0): 1}
        elif j % 2:
            weights = {(0, 0): 2, (0, 1): 3}
        for (below, beside), plane in weights.items():
            a, b = row + below, column + beside
            weight = p[plane, row, column] if i % 2 or j % 2 else 1.0
            sign = sign_beyond(a, b, (rows, columns), closing)
            total[i, j, a % rows, b % columns] += sign * weight
    return total.reshape(shape[0] * shape[1], rows * columns)


def sign_beyond(a: int, b: int, shape: tuple[int, int], closing: tuple[int, int]) -> int:
    """What a value changes its sign by where indices run on beyond the ends."""
    rows, columns = 0 <= a < shape[0], 0 <= b < shape[1]
    return (1 if rows else closing[0]) * (1 if columns else closing[1])
