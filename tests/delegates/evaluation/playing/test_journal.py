"""A journal keeps every session's last line, whatever tore it, and finds each by its key."""

import shutil
import threading
import tracemalloc
import zlib
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from delegates.evaluation.planning.design import Design
from delegates.evaluation.playing.folder import Folder
from delegates.evaluation.playing.journal import FORMAT, MOST_RECENT, Finished, Journal, read_line
from delegates.evaluation.playing.scripted_session import written
from delegates.evaluation.results.tables import write_tables
from games.errors import UserError
from tests.delegates.evaluation.made import drawn, made_design, tables_of


def lines(repetitions: int = 3) -> tuple[Design, list[Finished]]:
    """Return a design and how its sessions ended, by lot."""
    design = made_design(repetitions=repetitions)
    return design, [drawn(design, row) for row in design.rows()]


def sealed(body: bytes) -> bytes:
    """Return a line with the checksum that a journal's lines bear."""
    check = zlib.crc32(body, zlib.crc32(b"minilateral-journal %d" % FORMAT))
    return b'%b,"check":"%08x"}\n' % (body, check)


def read(path: Path) -> list[Finished]:
    """Return all that a journal holds."""
    with Journal(path) as journal:
        return [*journal.lines()]


def test_what_is_kept_is_read_back_in_the_order_of_the_plan(tmp_path):
    design, ended = lines()
    path = tmp_path / "journal.jsonl"

    with Journal(path, writes=True) as journal:
        for line in reversed(ended):
            journal.keep(line)

        told = [*journal.in_order(design)]

    assert told == [*zip(design.rows(), ended, strict=True)]
    with Journal(path) as again:
        assert [*again.in_order(design)] == told
        assert len(again) == len(design)
        assert [again.ended(line.key) for line in ended] == [line.ended for line in ended]


def test_a_later_line_takes_the_place_of_an_earlier(tmp_path):
    design, ended = lines(1)
    path = tmp_path / "journal.jsonl"
    better = ended[0].model_copy(update={"ended": "agreement", "moves": 99})

    with Journal(path, writes=True) as journal:
        journal.keep(*ended)
        journal.keep(better)

        assert journal.read(better.key) == better
        assert len(journal) == len(design)

    assert read(path) == [*ended[1:], better]


def test_what_is_not_there_is_said_to_be_missing(tmp_path):
    design, ended = lines(1)
    with Journal(tmp_path / "journal.jsonl", writes=True) as journal:
        journal.keep(*ended[1:])

        assert journal.ended(ended[0].key) is None
        with pytest.raises(KeyError, match=ended[0].key):
            journal.read(ended[0].key)
        assert [row.number for row, _ in journal.in_order(design)] == [*range(1, len(design))]


def test_a_journal_that_is_not_there_is_empty(tmp_path):
    with Journal(tmp_path / "journal.jsonl") as journal:
        assert len(journal) == 0
    assert not (tmp_path / "journal.jsonl").exists()


@pytest.mark.parametrize("left", [1, 40, -3])
def test_a_torn_last_line_is_cut_off_and_kept_aside(tmp_path, left):
    _, ended = lines(1)
    path = tmp_path / "journal.jsonl"
    path.write_bytes(b"".join(line.line for line in ended[:-1]))
    torn = ended[-1].line[:left]
    with path.open("ab") as file:
        file.write(torn)

    with Journal(path) as reader:
        assert [*reader.lines()] == ended[:-1]
    with Journal(path, writes=True) as journal:
        journal.keep(ended[-1])

    assert read(path) == ended
    assert (tmp_path / "journal.jsonl.torn").read_bytes() == torn + b"\n"


def test_a_last_line_that_lacks_its_end_alone_is_completed(tmp_path):
    _, ended = lines(1)
    path = tmp_path / "journal.jsonl"
    path.write_bytes(b"".join(line.line for line in ended)[:-1])

    with Journal(path, writes=True) as journal:
        assert [*journal.lines()] == ended

    assert read(path) == ended
    assert not (tmp_path / "journal.jsonl.torn").exists()


@pytest.mark.parametrize(
    ("line", "problem"),
    [
        (b'{"type":"opened"}\n', "does not end in its checksum"),
        (b"\n", "does not end in its checksum"),
        (b"\xff\xfe\n", "does not end in its checksum"),
        (b"[1]\n", "does not end in its checksum"),
        (sealed(b'{"type":"opened"'), "key: is missing"),
        (sealed(b'{"type":'), "no JSON"),
    ],
)
def test_a_foreign_line_is_told_in_one_line(tmp_path, line, problem):
    _, ended = lines(1)
    path = tmp_path / "journal.jsonl"
    path.write_bytes(ended[0].line + line + ended[1].line)

    with pytest.raises(UserError) as caught:
        Journal(path, writes=True)

    assert str(caught.value) == (
        f"{path}: line 2: not a line that an evaluation wrote: "
        f"{'it ' if problem.startswith('does') else ''}{problem}; "
        "take the line out: its session is played again"
    )
    assert path.read_bytes() == ended[0].line + line + ended[1].line


def test_a_line_whose_key_is_none_is_refused(tmp_path):
    _, ended = lines(1)
    path = tmp_path / "journal.jsonl"
    body = ended[0].line[: -len(',"check":"01234567"}\n')]
    path.write_bytes(sealed(body.replace(ended[0].key.encode(), b"no key")))

    with pytest.raises(UserError, match="key: "):
        Journal(path)


def test_a_line_that_was_changed_is_refused_with_its_number(tmp_path):
    _, ended = lines(1)
    path = tmp_path / "journal.jsonl"
    changed = ended[1].line.replace(b'"utility":', b'"utility":9', 1)
    assert changed != ended[1].line
    path.write_bytes(ended[0].line + changed + ended[2].line)

    with pytest.raises(UserError) as caught:
        Journal(path)

    assert str(caught.value) == (
        f"{path}: line 2: was changed since it was written: its checksum is another; "
        "take the line out: its session is played again"
    )


def test_no_bit_of_a_line_can_be_changed_unnoticed():
    _, ended = lines(1)
    line = ended[0].line
    assert read_line(line) == ended[0]
    for place in range(8 * (len(line) - 1)):
        changed = bytearray(line)
        changed[place // 8] ^= 1 << place % 8
        with pytest.raises(ValueError, match=r"check|JSON|expected"):
            read_line(bytes(changed))


def test_a_line_that_is_changed_while_it_is_open_is_refused(tmp_path):
    _, ended = lines(1)
    path = tmp_path / "journal.jsonl"
    with Journal(path, writes=True) as journal:
        journal.keep(*ended)
        path.write_bytes(path.read_bytes().replace(b'"utility":', b'"utilitz":'))

        with pytest.raises(UserError, match="line 3: was changed"):
            journal.read(ended[2].key)


@pytest.mark.parametrize("way", ["folder", "file", "other", "moved"])
def test_a_journal_that_is_gone_is_noticed_with_the_next_line(tmp_path, way):
    _, ended = lines(1)
    folder = tmp_path / "out"
    folder.mkdir()
    path = folder / "journal.jsonl"
    with Journal(path, writes=True) as journal:
        journal.keep(ended[0])
        match way:
            case "folder":
                shutil.rmtree(folder)
            case "file":
                path.unlink()
            case "other":
                path.unlink()
                path.write_bytes(ended[0].line)
            case _:
                folder.rename(tmp_path / "elsewhere")

        with pytest.raises(UserError, match="was removed or replaced while sessions were played"):
            journal.keep(ended[1])


def test_a_folder_in_its_place_is_told_in_one_line(tmp_path):
    with pytest.raises(UserError, match="cannot be opened: Is a directory"):
        Journal(tmp_path, writes=True)


def test_many_threads_keep_lines_at_once(tmp_path):
    _, ended = lines(8)
    path = tmp_path / "journal.jsonl"
    with Journal(path, writes=True) as journal:
        threads = [
            threading.Thread(target=lambda part=ended[n::4]: [journal.keep(one) for one in part])
            for n in range(4)
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()

        assert all(journal.read(line.key) == line for line in ended)

    assert sorted(read(path), key=lambda line: line.key) == sorted(ended, key=lambda line: line.key)


def test_what_cannot_be_written_whole_is_not_written_at_all(tmp_path, monkeypatch):
    _, ended = lines(1)
    path = tmp_path / "journal.jsonl"
    with Journal(path, writes=True) as journal:
        journal.keep(ended[0])
        writer: Any = journal._writer

        class Full:
            def write(self, content):
                writer.write(bytes(content[:20]))
                raise OSError(28, "No space left on device")

            def __getattr__(self, name):
                return getattr(writer, name)

        full: Any = Full()
        journal._writer = full
        with pytest.raises(UserError, match="cannot be written: No space left on device; what"):
            journal.keep(ended[1])
        journal._writer = writer
        journal.keep(ended[2])

        assert journal.read(ended[2].key) == ended[2]

    assert read(path) == [ended[0], ended[2]]


def test_a_journal_that_is_read_takes_no_lines(tmp_path):
    _, ended = lines(1)
    with (
        Journal(tmp_path / "journal.jsonl") as journal,
        pytest.raises(AssertionError, match="to be read"),
    ):
        journal.keep(ended[0])


KEYS = st.integers(0, 2**64 - 1)


@given(st.lists(st.sampled_from([0, 1, 2, 2**63, 2**64 - 1]) | KEYS, max_size=40), st.data())
def test_keys_of_any_size_are_found(tmp_path_factory, numbers, data):
    path = tmp_path_factory.mktemp("keys") / "journal.jsonl"
    _, ended = lines(1)
    kept = [
        ended[0].model_copy(update={"key": f"{key:016x}", "moves": place})
        for place, key in enumerate(numbers)
    ]
    cut = data.draw(st.integers(0, len(kept)))
    with Journal(path, writes=True) as journal:
        journal.keep(*kept[:cut])
        # Some sorted, some not.
        assert len(journal) == len({line.key for line in kept[:cut]})
        journal.keep(*kept[cut:])
        last = {line.key: line for line in kept}

        assert {key: journal.read(key) for key in last} == last
        assert len(journal) == len(last)


def test_a_long_journal_takes_little_memory(tmp_path):
    """Ten times as many lines take their index more, and nothing else."""
    _, ended = lines(1)
    path = tmp_path / "journal.jsonl"
    count = 2 * MOST_RECENT + 7
    with path.open("wb") as file:
        for number in range(count):
            file.write(ended[0].model_copy(update={"key": f"{number * 7919:016x}"}).line)

    read(path)  # what reading JSON keeps once and for all is kept by then
    tracemalloc.start()
    with Journal(path) as journal:
        assert len(journal) == count
        held, _ = tracemalloc.get_traced_memory()
        assert journal.read(f"{7919 * (count - 1):016x}").moves == ended[0].moves
    tracemalloc.stop()

    assert held < 50 * count


def test_its_lines_make_the_tables(tmp_path):
    design, ended = lines()
    with Journal(tmp_path / "journal.jsonl", writes=True) as journal:
        journal.keep_written([written(line) for line in reversed(ended)])
        by_journal = Folder(tmp_path / "journal")
        write_tables(design, by_journal, journal)
    by_hand = tables_of(design, tmp_path / "hand")

    for name in ("sessions", "seats", "timings"):
        assert by_journal.table(name).read_bytes() == by_hand.table(name).read_bytes()
