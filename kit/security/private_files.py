"""Files and folders that only their owner may read, whatever the umask."""

import os
from contextlib import suppress
from pathlib import Path

FILE_MODE, FOLDER_MODE = 0o600, 0o700


def make_private_file(path: Path) -> None:
    """Make the file, if there is none. Opening it later reports any failure of this."""
    with suppress(OSError):
        os.close(os.open(path, os.O_WRONLY | os.O_CREAT, FILE_MODE))
        path.chmod(FILE_MODE)


def make_private_folder(path: Path) -> None:
    """Make the folder; an existing one stays as it is."""
    if not path.exists():
        path.mkdir(parents=True)
        path.chmod(FOLDER_MODE)


def write_private_file(path: Path, content: bytes) -> None:
    make_private_file(path)
    path.write_bytes(content)
