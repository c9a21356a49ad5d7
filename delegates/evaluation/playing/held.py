"""An evaluation's folder in use: locked, and bound to the plan whose results it holds."""

from __future__ import annotations

import hashlib
from collections.abc import Generator, Mapping
from contextlib import contextmanager
from errno import ENOLCK

from delegates.evaluation.planning.design import Design
from delegates.evaluation.planning.plan import Plan
from delegates.evaluation.planning.plan_files import load_plan
from delegates.evaluation.planning.played import kept_texts, plan_text
from delegates.evaluation.playing.folder import Folder
from games.errors import UserError
from games.files.folders import make_folder
from games.files.writing import clear_drafts, drafts_of, put_in_place
from transcripts.writers import number_of_writer, take

_UNHASHED = {"title", "question", "budget", "at_once", "transcripts", "played"}
"""What a plan says that changes no result."""


@contextmanager
def held(folder: Folder) -> Generator[None]:
    """Make a folder and hold it against a second run, until the end or this process's death.

    Raises:
        UserError: If another run holds it, it cannot be written, or holds something else.
    """
    try:
        # Its scenarios and tables hold what every seat wants.
        make_folder(folder.path)
        _require_own(folder)
        lock = take(folder.lock)
    except FileExistsError:
        what = "a link that leads to no folder" if folder.path.is_symlink() else "a file"
        raise UserError(f"{folder.path}: is {what}; expected a folder, or none yet") from None
    except OSError as error:
        if error.errno == ENOLCK:
            raise UserError(f"{folder.lock}: cannot be locked: {error.strerror}") from None
        raise UserError(f"{folder.path}: cannot be written: {error.strerror}") from None
    if lock is None:
        raise UserError(
            f"{folder.path}: another evaluation is writing to it; wait for its end{_holder(folder)}"
            ", or name another folder"
        )
    try:
        yield
    finally:
        lock.release()


def _holder(folder: Folder) -> str:
    """Return in words which process has a folder, where that is known."""
    try:
        with folder.lock.open("rb") as lock:
            number = number_of_writer(lock)
    except OSError:
        return ""
    return "" if number is None else f" (process {number})"


def _require_own(folder: Folder) -> None:
    """Check that a folder holds an evaluation, or nothing."""
    for inner in folder.inner:
        if inner.is_symlink():
            raise UserError(
                f"{inner}: is a link to elsewhere; expected a folder: an evaluation writes within "
                "its own alone"
            )
    if folder.plan.exists():
        return
    # What a run leaves that dies before its plan is kept.
    own = {folder.lock, folder.scenarios, *drafts_of(folder.plan)}
    if folder.journal.exists():
        if folder.journal.stat().st_size:
            raise UserError(planless(folder))
        own.add(folder.journal)
    for one in folder.path.iterdir():
        if one not in own:
            raise UserError(
                f"{folder.path}: holds {one.name} but no {folder.plan.name}; expected an "
                "evaluation's folder, or an empty one"
            )


def planless(folder: Folder) -> str:
    """Return what is wrong with a folder that holds sessions, but not the plan they are of."""
    return (
        f"{folder.path}: holds {folder.journal.name} but no {folder.plan.name}, the copy of its "
        "plan that says what was played; expected it to be put back, or another folder"
    )


def require_usable(folder: Folder, design: Design, *, extend: bool) -> None:
    """Check that a plan may be played in a folder, as `held` and `bind` will; nothing is changed.

    Raises:
        UserError: If another run holds it, it cannot be written, or holds something else.
    """
    if not folder.path.exists():
        return
    with held(folder):
        _is_same(folder, design, extend=extend)


def bind(folder: Folder, design: Design, *, extend: bool) -> None:
    """Write down what is evaluated, unless the folder holds results of something else.

    What a run that died was writing is cleared away.

    Args:
        folder: The folder, which is held.
        design: What is evaluated.
        extend: Whether what was played of another plan may serve this one: sessions that both plan
            count as done.

    Raises:
        UserError: If what was played is another plan's.
    """
    text = plan_text(design)
    if not _is_same(folder, design, extend=extend):
        forget_tables(folder)
    for place in (folder.path, *folder.inner):
        clear_drafts(place)
    make_folder(folder.scenarios)
    for sha, canonical in kept_texts(design).items():
        path = folder.scenarios / f"{sha}.json"
        if not path.exists():
            # As bytes: a scenario is known by the hash of these very ones.
            put_in_place(path, canonical.encode())
    if not folder.plan.exists() or folder.plan.read_text(encoding="utf-8") != text:
        put_in_place(folder.plan, text)


def _is_same(folder: Folder, design: Design, *, extend: bool) -> bool:
    """Return whether a folder is bound to this very plan.

    Raises:
        UserError: If what was played is another plan's.
    """
    has_results = _has_results(folder)
    before = _kept(folder, is_needed=has_results and not extend)
    is_same = before is not None and before.played is not None and before.played.hash == design.hash
    if before is not None and has_results and not is_same and not extend:
        raise UserError(
            f"{folder.path}: holds results of a plan that differs in {_differing(before, design)}; "
            "expected the same plan, another folder (--out), or leave to extend it (--extend)"
        )
    return is_same


def _has_results(folder: Folder) -> bool:
    """Return whether anything was played, to its end or not."""
    if folder.journal.exists() and folder.journal.stat().st_size:
        return True
    return folder.open_sessions.is_dir() and any(folder.open_sessions.iterdir())


def _kept(folder: Folder, *, is_needed: bool) -> Plan | None:
    """Return the plan that was kept; None if there is none, or none that can be read."""
    if not folder.plan.exists():
        return None
    try:
        return load_plan(folder.plan)
    except UserError:
        if is_needed:
            raise
        return None


def _differing(before: Plan, design: Design) -> str:
    """Return in what two plans differ, in words."""
    said = design.plan.model_copy(update={"strategies": dict(design.specs)}).model_dump()
    told = before.model_dump()
    names = [name for name in said if name not in _UNHASHED and said[name] != told[name]]
    if not names and before.played is not None and before.played.scenarios != design.shas:
        names = ["what a scenario says"]
    if not names and before.played is not None:
        names = _releases_told(before.played.releases or {}, design.releases)
    return ", ".join(names) or "how sessions are laid out"


def _releases_told(before: Mapping[str, str], now: Mapping[str, str]) -> list[str]:
    """Return in which releases of other libraries two runs of a plan differ."""
    minds = {mind: one for mind, one in before.items() if now.get(mind, one) != one}
    return [f"the release of {mind} ({one}, now {now[mind]})" for mind, one in minds.items()]


def forget_tables(folder: Folder) -> None:
    """Remove tables that do not hold all that the journal holds, or will hold."""
    folder.sums.unlink(missing_ok=True)
    for table in folder.tables:
        table.unlink(missing_ok=True)


def has_tables(folder: Folder) -> bool:
    """Return whether all tables are there, undamaged and made of the journal as it is."""
    try:
        return folder.sums.read_text(encoding="ascii") == _sums(folder)
    except (OSError, UnicodeDecodeError):
        return False


def note_tables(folder: Folder) -> None:
    """Write down what tables and journal hold, now that they fit each other.

    Raises:
        UserError: If that cannot be done.
    """
    try:
        put_in_place(folder.sums, _sums(folder))
    except OSError as error:
        raise UserError(f"{folder.sums}: cannot be written: {error.strerror}") from None


def _sums(folder: Folder) -> str:
    """Return the SHA-256 of the tables and of the journal, each in a line."""
    listed: list[str] = []
    for path in (folder.journal, *folder.tables):
        with path.open("rb") as file:
            listed.append(f"{hashlib.file_digest(file, 'sha256').hexdigest()}  {path.name}\n")
    return "".join(listed)
