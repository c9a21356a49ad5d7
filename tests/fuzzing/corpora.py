"""What campaigns kept of each reader's inputs, one archive a reader; the next goes on from there.

`python -m tests.fuzzing.corpora keep FOLDER` takes in what a campaign left, the shortest inputs
first, as many as there is room for: each covers something that those before it in the campaign did
not. `python -m tests.fuzzing.corpora open FOLDER` puts them there again.
"""

import sys
import zipfile
from collections.abc import Iterable
from pathlib import Path

FOLDER = Path(__file__).with_name("corpus")

LARGEST = 20_000
"""Bytes of the largest archive."""

_WHEN = (2026, 1, 1, 0, 0, 0)


def kept(target: str) -> list[bytes]:
    """Return the inputs that are kept of a target."""
    path = FOLDER / f"{target}.zip"
    if not path.exists():
        return []
    with zipfile.ZipFile(path) as archive:
        return [archive.read(name) for name in sorted(archive.namelist())]


def keep(target: str, inputs: Iterable[bytes]) -> int:
    """Keep inputs, the first ones that fit; return how many."""
    path = FOLDER / f"{target}.zip"
    FOLDER.mkdir(exist_ok=True)
    count = size = 0
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
        for read in inputs:
            info = zipfile.ZipInfo(f"{count:04d}", _WHEN)
            info.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(info, read)
            # What a member takes in the listing at the archive's end counts as well.
            size += archive.infolist()[-1].compress_size + 100
            count += 1
            if size > LARGEST - 2_000:
                break
    return count


def main() -> None:
    """Take in or put out all corpora."""
    match sys.argv[1:]:
        case ["keep", folder]:
            for path in sorted(one for one in Path(folder).iterdir() if one.is_dir()):
                inputs = sorted((one.read_bytes() for one in path.iterdir()), key=len)
                print(path.name, keep(path.name, inputs), "of", len(inputs))
        case ["open", folder]:
            for path in sorted(FOLDER.glob("*.zip")):
                place = Path(folder) / path.stem
                place.mkdir(parents=True, exist_ok=True)
                for number, read in enumerate(kept(path.stem)):
                    (place / f"kept-{number:04d}").write_bytes(read)
        case _:
            sys.exit(__doc__)


if __name__ == "__main__":
    main()
