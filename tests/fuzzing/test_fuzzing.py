"""Every reader over its seeds, over small changes of them, and over what nobody should send.

The long version, guided by coverage, is `python -m tests.fuzzing.campaign`.
"""

import subprocess
import sys
from pathlib import Path
from random import Random

import pytest

from tests.fuzzing import corpora
from tests.fuzzing.confinement import Hang, Trespass, confined
from tests.fuzzing.target import Target, refused, tried
from tests.fuzzing.targets import TARGETS

CHANGES = {"scenario": 8, "transcript": 12, "plan": 25}
"""Changed seeds that are tried, fewer where reading takes long."""

NASTY = (
    b"",
    b"\x00",
    b"\xff\xfe\x00",
    b"\xef\xbb\xbf",
    b"\xed\xa0\x80",
    b"[" * 5_000,
    b'{"a":' * 5_000,
    b"9" * 5_000,
    b"0x" + b"f" * 5_000,
    b"a: " + b"9" * 5_000,
    b"a = 0x" + b"f" * 5_000,
    b"a: &a [x, x]\nb: &b [*a, *a]\nc: [*b, *b]\n",
    b"!!python/object/apply:os.system ['true']",
    b"<!DOCTYPE x [<!ENTITY a 'b'><!ENTITY c '&a;&a;'>]><x>&c;</x>",
    b"<!DOCTYPE x SYSTEM 'file:///etc/passwd'><x/>",
    b"a: 1\r\xe2\x80\xa8b: 2\n",
    b"\x1b]0;title\x07\x1b[2J\x1b[6n",
    b"~nobody-here/x",
    b"../../../../etc/passwd",
    b"x" * 20_000,
    b"\n" * 20_000,
    b'"' * 20_001,
)


@pytest.mark.parametrize("target", TARGETS.values(), ids=list(TARGETS))
def test_a_reader_reads_its_seeds(target: Target) -> None:
    for seed in target.seeds():
        tried(target, seed)


@pytest.mark.parametrize("target", TARGETS.values(), ids=list(TARGETS))
def test_a_reader_refuses_what_nobody_should_send_in_one_line(target: Target) -> None:
    for nasty in NASTY:
        tried(target, nasty)
        # Some readers take the first byte for the kind of what follows.
        for kind in range(4):
            tried(target, bytes([kind]) + nasty)


@pytest.mark.parametrize("target", TARGETS.values(), ids=list(TARGETS))
def test_a_reader_gets_over_small_changes(target: Target) -> None:
    chance = Random(10)
    seeds = target.seeds()
    for _ in range(CHANGES.get(target.name, 60)):
        tried(target, target.change(chance.choice(seeds), chance))


@pytest.mark.parametrize("target", TARGETS.values(), ids=list(TARGETS))
def test_a_reader_gets_over_a_few_of_what_campaigns_kept(target: Target) -> None:
    kept = corpora.kept(target.name)
    for read in Random(10).sample(kept, min(CHANGES.get(target.name, 60), len(kept))):
        tried(target, read)


def test_a_reader_that_runs_code_is_found_out() -> None:
    with pytest.raises(Trespass, match="compile"), confined(b""):
        exec("1 + 1")


def test_a_reader_that_gets_over_its_own_trespass_is_found_out() -> None:
    with pytest.raises(Trespass, match="open"), confined(b""), refused(Trespass):  # pyright: ignore[reportArgumentType]
        Path("/nowhere-to-write").write_bytes(b"")


def test_a_reader_that_loads_what_a_file_names_is_found_out() -> None:
    with pytest.raises(Trespass, match="import"), confined(b"load this_one"):
        __import__("this_one")


def never_ends() -> None:
    while True:
        pass


def test_a_reader_that_hangs_is_found_out(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tests.fuzzing.confinement.MOST_CPU_S", 0.05)
    with pytest.raises(Hang), confined(b""):
        never_ends()


def test_a_reader_that_asks_for_a_gigabyte_is_found_out() -> None:
    asks = "limit_memory(); bytearray(1 << 29); limit_memory(); bytearray(1 << 30)"
    code = f"from tests.fuzzing.confinement import limit_memory; {asks}"

    ended = subprocess.run([sys.executable, "-c", code], capture_output=True, check=False)

    assert ended.stderr.splitlines()[-1] == b"MemoryError"
