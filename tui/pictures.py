"""Pictures of the screen: where they are kept, and under which names."""

from __future__ import annotations

import os
from pathlib import Path

from games.errors import UserError, plain
from games.files.folders import make_folder
from games.files.writing import write_new


def keep_picture(folder: Path, picture: str) -> Path:
    """Write a picture into a new file of a folder, which is made if need be; return the file.

    Args:
        folder: The folder.
        picture: The picture, as SVG.

    Raises:
        UserError: If it cannot be written.
    """
    try:
        make_folder(folder)
    except OSError as error:
        raise UserError(f"{plain(str(folder))}: cannot be made: {error.strerror}") from None
    number = 1
    while os.path.lexists(file := folder / f"screen-{number}.svg"):
        number += 1
    # It shows what the seat in front of it may know, and others may not.
    write_new({file: picture})
    return file
