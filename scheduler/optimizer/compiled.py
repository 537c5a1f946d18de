"""The optimizer's inner loops are compiled by numba; here are the options that all of them share."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar, cast

import numba

if TYPE_CHECKING:
    from collections.abc import Callable

    Function = TypeVar("Function", bound=Callable[..., object])


def compiled(function: Function) -> Function:
    """Compile a function on first use and keep the machine code on disk, so that later runs start at once.

    Exact IEEE arithmetic (no ``fastmath``): the same input gives the same bytes.
    """
    return cast("Function", numba.njit(cache=True)(function))
