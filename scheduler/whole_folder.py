"""Folders and files that are whole or absent: written under a temporary name, then renamed (CONTRACT section 5).

Beside a folder ``plan`` stand, while process 4711 writes it, ``.plan.4711.tmp`` (the new one, not yet whole) and for
a moment ``.plan.4711.old`` (the former one, put aside). What a killed process leaves of them is cleared up by the
next one that writes there.
"""

from __future__ import annotations

import contextlib
import errno
import os
import re
import shutil
import tempfile
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from scheduler.errors import CannotWrite
from scheduler.wording import T, Text

if TYPE_CHECKING:
    from collections.abc import Iterator


@contextmanager
def whole_folder(folder: Path) -> Iterator[Path]:
    """Write a folder as a whole: yield an empty one to write into, which then takes the place of `folder`.

    The files are on the disk before the folder has its name. When writing fails, or the block raises, the temporary
    folder is removed and what stood at `folder` still stands.

    Parameters
    ----------
    folder : Path
        Where the folder is to stand; its parents are created.

    Yields
    ------
    Path
        The temporary folder, in the same parent.

    Raises
    ------
    CannotWrite
        When the system does not let us write there.
    """
    folder = Path(os.path.realpath(folder))
    temporary = folder.with_name(f".{folder.name}.{os.getpid()}.tmp")
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        clear_leftovers(folder)
        temporary.mkdir()
        yield temporary
        _flush(temporary)
        _take_the_place_of(folder, temporary)
    except OSError as error:
        raise CannotWrite(cannot_write(folder, error)) from error
    finally:
        # After success there is no such folder any more.
        shutil.rmtree(temporary, ignore_errors=True)


@contextmanager
def whole_file_at(path: Path, mode: int = 0o666) -> Iterator[Path]:
    """Write a file as a whole, in the same way: yield the place of an empty one to fill, which is then renamed.

    Parameters
    ----------
    path : Path
        Where the file is to stand; its folders are created.
    mode : int
        Who may use it; the mask of the process takes from it.

    Yields
    ------
    Path
        The temporary file, in the same folder.

    Raises
    ------
    CannotWrite
        When the system does not let us write there; what stood at `path` still stands.
    """
    path = Path(os.path.realpath(path))
    temporary = path.with_name(f".{path.name}.{os.getpid()}.tmp")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        clear_leftovers(path)
        os.close(os.open(temporary, os.O_CREAT | os.O_WRONLY | os.O_TRUNC, mode))
        yield temporary
        _flush_one(temporary)
        os.replace(temporary, path)
        _flush_one(path.parent)
    except OSError as error:
        raise CannotWrite(cannot_write_file(path, error)) from error
    finally:
        with contextlib.suppress(OSError):
            temporary.unlink(missing_ok=True)


@contextmanager
def folder_for_now() -> Iterator[Path]:
    """Make a folder of this process alone and remove it with all that is in it when the block ends.

    Raises
    ------
    CannotWrite
        The disk for what is temporary is full, or is not there.
    """
    try:
        made = tempfile.TemporaryDirectory(prefix="etale-", ignore_cleanup_errors=True)
    except OSError as error:
        raise CannotWrite(
            T(
                "the folder for temporary files cannot be used ({reason}); make room there, "
                "or name another one in TMPDIR",
                reason=error.strerror or str(error),
            )
        ) from error
    with made as folder:
        yield Path(folder)


def whole_file(path: Path, content: bytes) -> None:
    """Write a file as a whole, in the same way, from its content.

    Raises
    ------
    CannotWrite
        When the system does not let us write there; what stood at `path` still stands.
    """
    with whole_file_at(path) as temporary:
        temporary.write_bytes(content)


def check_can_write_folder(folder: Path) -> None:
    """Refuse early a folder in a place that takes none.

    Raises
    ------
    CannotWrite
    """
    folder = Path(os.path.realpath(folder))
    try:
        standing = next(parent for parent in folder.parents if os.path.lexists(parent))
        if not standing.is_dir():
            raise NotADirectoryError(errno.ENOTDIR, "")
        if not os.access(standing, os.W_OK | os.X_OK):
            raise PermissionError(errno.EACCES, "")
    except OSError as error:
        raise CannotWrite(cannot_write(folder, error)) from error


def check_can_write_file(path: Path, region: Path) -> None:
    """Refuse early a file that could not, or should not, be written later.

    Raises
    ------
    CannotWrite
        `path` is a folder, lies in the folder `region`, or lies in a place that takes no file.
    """
    path = Path(os.path.realpath(path))
    try:
        if path.is_dir():
            raise IsADirectoryError(errno.EISDIR, "")
        if Path(os.path.realpath(region)) in path.parents:
            raise CannotWrite(
                T("The file {file} would lie among the files of the region; name another place.", file=path)
            )
        standing = next(parent for parent in path.parents if os.path.lexists(parent))
        if not standing.is_dir():
            raise NotADirectoryError(errno.ENOTDIR, "")
        if not os.access(standing, os.W_OK | os.X_OK):
            raise PermissionError(errno.EACCES, "")
    except OSError as error:
        raise CannotWrite(cannot_write_file(path, error)) from error


def cannot_write_file(path: Path, error: OSError) -> Text:
    """Say why a file cannot be written, and what to do."""
    reason, remedy = _reason(error)
    if error.errno == errno.EISDIR:
        reason, remedy = T("it is a folder"), T("name a file")
    return T("The file {file} cannot be written: {reason}; {remedy}.", file=path, reason=reason, remedy=remedy)


def _flush(folder: Path) -> None:
    """Have the disk hold every file of a folder, so that a power cut cannot leave a named but empty one."""
    for place, _, names in os.walk(folder):
        for path in (*(Path(place, name) for name in names), Path(place)):
            _flush_one(path)


def _flush_one(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _take_the_place_of(folder: Path, new: Path) -> None:
    """Rename `new` to `folder`; a folder that stands there is put aside, and put back if that fails."""
    aside = folder.with_name(f".{folder.name}.{os.getpid()}.old")
    if folder.exists():
        os.rename(folder, aside)
    try:
        os.rename(new, folder)
    except BaseException:
        if aside.exists():
            os.rename(aside, folder)
        raise
    _flush_one(folder.parent)
    # The plan is written; what cannot be removed now is cleared up by the next run.
    shutil.rmtree(aside, ignore_errors=True)


def clear_leftovers(folder: Path) -> None:
    """Remove what killed processes left beside a folder or file; a folder they put aside for nothing goes back."""
    pattern = re.compile(rf"\.{re.escape(folder.name)}\.([0-9]+)\.(tmp|old)")
    for leftover in sorted(folder.parent.iterdir()):
        match = pattern.fullmatch(leftover.name)
        if not match or (int(match[1]) != os.getpid() and _is_alive(int(match[1]))):
            continue
        if match[2] == "old" and not folder.exists():
            with contextlib.suppress(OSError):
                os.rename(leftover, folder)
                continue
        if leftover.is_dir() and not leftover.is_symlink():
            shutil.rmtree(leftover, ignore_errors=True)
        else:
            with contextlib.suppress(OSError):
                leftover.unlink()


def _is_alive(process: int) -> bool:
    try:
        os.kill(process, 0)
    except PermissionError:
        return True
    except (ProcessLookupError, OverflowError):
        return False
    return True


def cannot_write(folder: Path, error: OSError) -> Text:
    """Say why a folder cannot be written, and what to do."""
    reason, remedy = _reason(error)
    return T("The folder {folder} cannot be written: {reason}; {remedy}.", folder=folder, reason=reason, remedy=remedy)


def _reason(error: OSError) -> tuple[Text, Text]:
    """Give what the system refuses, and the remedy."""
    reasons = {
        errno.ENOSPC: (T("the disk is full"), T("make room or choose another disk")),
        errno.EDQUOT: (T("your share of the disk is used up"), T("make room or choose another disk")),
        errno.EACCES: (T("you may not write there"), T("ask for the permission or choose another folder")),
        errno.EPERM: (T("you may not write there"), T("ask for the permission or choose another folder")),
        errno.EROFS: (T("the disk can only be read"), T("choose a folder on another disk")),
        errno.ENOTDIR: (T("a part of its path is a file"), T("choose another folder")),
        errno.EEXIST: (T("a part of its path is a file"), T("choose another folder")),
        errno.ENAMETOOLONG: (T("its name is too long"), T("choose a shorter name")),
        errno.EBUSY: (T("the system holds it, as it does the root of a disk"), T("choose a folder inside it")),
    }
    other = T("the system says: {reason}", reason=error.strerror or type(error).__name__), T("choose another folder")
    return reasons.get(error.errno or 0, other)
