"""Cases of numpy.fft: even and odd lengths, cut off and padded, every norm, repeated axes."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from .table import Case, cplx, real

COMPLEX_TO_COMPLEX = ("fft", "ifft")
TO_REAL = ("irfft", "hfft")
FROM_REAL = ("rfft", "ihfft")


def fft(name: str, *options: Any, **keywords: Any) -> Callable[..., Any]:
    return lambda xp, x: getattr(xp.fft, name)(x, *options, **keywords)


def one_axis_cases() -> list[Case]:
    cases = []
    for name in COMPLEX_TO_COMPLEX + TO_REAL + FROM_REAL:
        inputs = (real(3, 4),) if name in FROM_REAL else (real(3, 4), cplx(3, 5))
        known = name in COMPLEX_TO_COMPLEX  # the rest of Autograd's refuses odd lengths
        for x in inputs:
            cases += [
                Case(f"fft.{name}", fft(name), (x,), known),
                Case(f"fft.{name}", fft(name, axis=0), (x,), known),
                Case(f"fft.{name}", fft(name, 3, norm="ortho"), (x,), False),
                Case(f"fft.{name}", fft(name, n=8, axis=-2, norm="forward"), (x,), False),
            ]
    return [
        *cases,
        Case("fft.rfft", fft("rfft"), (real(3, 4),)),
        Case("fft.rfft", fft("rfft", norm="ortho"), (real(6),)),
        Case("fft.irfft", fft("irfft"), (cplx(4),)),
        Case("fft.irfft", fft("irfft", 1), (cplx(4),), False),
        Case("fft.fft", fft("fft", 1), (real(1),), False),
    ]


def several_axes_cases() -> list[Case]:
    cases = []
    for name in ("fftn", "ifftn", "rfftn", "irfftn"):
        x = real(3, 2, 4)
        known = name in ("fftn", "ifftn")
        cases += [
            Case(f"fft.{name}", fft(name), (x,), known),
            Case(f"fft.{name}", fft(name, axes=(2, 0), norm="ortho"), (x,), False),
            Case(f"fft.{name}", fft(name, (3, -1), (0, 1)), (x,), False),
            Case(f"fft.{name}", fft(name, (2, 5), axes=(1, 2)), (x,), False),
            Case(f"fft.{name}", fft(name, axes=(1, 1)), (x,), False),
            Case(f"fft.{name[:-1]}2", fft(f"{name[:-1]}2"), (x,), known),
            Case(f"fft.{name[:-1]}2", fft(f"{name[:-1]}2", axes=(0, 1)), (x,), False),
        ]
    for name in ("fftshift", "ifftshift"):
        cases += [
            Case(f"fft.{name}", fft(name), (real(3, 4),)),
            Case(f"fft.{name}", fft(name, axes=(1,)), (cplx(2, 5),)),
        ]
    return cases


CASES = one_axis_cases() + several_axes_cases()
