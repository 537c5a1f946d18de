"""Documents and arrays as compressed bytes, in formats that outlive the program: JSON and NumPy's npz."""

from __future__ import annotations

import io
import json
import zlib
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray


def pack_bytes(content: bytes) -> bytes:
    """Compress bytes (RFC 1950)."""
    return zlib.compress(content, 6)


def unpack_bytes(packed: bytes) -> bytes:
    """Undo :func:`pack_bytes`."""
    return zlib.decompress(packed)


def pack_document(document: Any) -> bytes:
    """Compress a JSON value; equal values give equal bytes."""
    return pack_bytes(document_bytes(document))


def document_bytes(document: Any) -> bytes:
    """Write a JSON value as bytes; equal values give equal bytes."""
    return json.dumps(document, ensure_ascii=False, allow_nan=False, sort_keys=True, separators=(",", ":")).encode()


def unpack_document(packed: bytes) -> Any:
    """Undo :func:`pack_document`."""
    return json.loads(unpack_bytes(packed))


def pack_arrays(arrays: Mapping[str, NDArray[Any]]) -> bytes:
    """Compress named arrays as an npz file."""
    stream = io.BytesIO()
    np.savez_compressed(stream, allow_pickle=False, **arrays)
    return stream.getvalue()


def unpack_arrays(packed: bytes) -> dict[str, NDArray[Any]]:
    """Undo :func:`pack_arrays`."""
    with np.load(io.BytesIO(packed), allow_pickle=False) as arrays:
        return {name: arrays[name] for name in arrays.files}


def pack_whole(numbers: NDArray[np.int64]) -> bytes:
    """Write whole numbers from the first to the last that is not zero, 8 bytes each, the lowest byte first.

    In front stand how many there are in all and how many zeros come first, 4 bytes each. Not compressed: a week of a
    large region has a hundred thousand of these, all written under one lock.
    """
    some = np.flatnonzero(numbers)
    first, last = (int(some[0]), int(some[-1]) + 1) if len(some) else (0, 0)
    return np.array([len(numbers), first], dtype="<i4").tobytes() + numbers[first:last].astype("<i8").tobytes()


def unpack_whole(packed: bytes) -> NDArray[np.int64]:
    """Undo :func:`pack_whole`."""
    count, first = np.frombuffer(packed, dtype="<i4", count=2).tolist()
    values = np.frombuffer(packed, dtype="<i8", offset=8)
    numbers = np.zeros(count, dtype=np.int64)
    numbers[first : first + len(values)] = values
    return numbers
