"""`evaluate --ray` on the command line: what cannot be is told in one line, nothing is lost."""

import socket
from pathlib import Path

import pytest

from delegates.evaluation.playing import cluster
from tests.delegates.evaluation.playing.crews import needs_ray
from tests.tui.cli.conftest import Cli
from tests.tui.cli.test_evaluate import PLAN


@pytest.fixture(autouse=True)
def plan(home: Path, tmp_path: Path) -> Path:
    del home  # makes the scenario
    path = tmp_path / "plan.yaml"
    path.write_text(PLAN, encoding="utf-8")
    return path


@pytest.fixture
def nobody() -> str:
    """An address at which nobody listens."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return f"127.0.0.1:{free.getsockname()[1]}"


def test_processes_and_a_cluster_are_not_asked_for_together(cli: Cli, home: Path) -> None:
    shown = cli("evaluate", "plan.yaml", "--workers", "2", "--ray", "auto")

    assert (shown.code, shown.out) == (1, "")
    assert shown.line == (
        "minilateral: --workers 2 --ray auto: expected one of them; a cluster has as many workers "
        "as processors"
    )
    assert not (home / "evaluations").exists()


def test_without_the_extra_a_line_says_what_to_install(
    cli: Cli, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(cluster, "find_spec", lambda _: None)

    shown = cli("evaluate", "plan.yaml", "--ray", "auto", "--json")

    assert (shown.code, shown.out) == (1, "")
    assert shown.err.splitlines()[-1] == (
        "minilateral: --ray auto: Ray is not installed; pip install 'minilateral[cluster]'"
    )


@needs_ray
@pytest.mark.parametrize("scheme", ["", "ray://"])
def test_an_address_where_nobody_listens_is_told_in_a_line(
    cli: Cli, home: Path, nobody: str, scheme: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    import ray  # pyright: ignore[reportMissingImports]

    # It asks the network for this machine's address, and tests ask nobody.
    monkeypatch.setattr(ray.util, "get_node_ip_address", lambda: "127.0.0.1")
    assert cli("evaluate", "plan.yaml").code == 0
    journal = (home / "evaluations" / "small" / "journal.jsonl").read_bytes()
    Path("plan.yaml").write_text(f"{PLAN}repetitions: 2\n", encoding="utf-8")

    shown = cli("evaluate", "plan.yaml", "--extend", "--ray", scheme + nobody, "--json")

    assert (shown.code, shown.out) == (1, "")
    assert shown.err.splitlines()[-1] == (
        f"minilateral: --ray '{scheme}{nobody}': cannot be joined: Connection refused; "
        "expected auto, HOST:PORT or ray://HOST:PORT of a cluster that runs, or local"
    )
    assert (home / "evaluations" / "small" / "journal.jsonl").read_bytes() == journal


@needs_ray
def test_a_cluster_of_another_release_is_told_in_a_line(
    cli: Cli, monkeypatch: pytest.MonkeyPatch
) -> None:
    def mismatch(*_: object) -> None:
        raise RuntimeError("Version mismatch: The cluster was started with:\n    Ray: 2.40.0")

    monkeypatch.setattr(cluster, "_join", mismatch)

    shown = cli("evaluate", "plan.yaml", "--ray", "auto", "--json")

    assert (shown.code, shown.out) == (1, "")
    assert shown.err.splitlines()[-1].startswith(
        "minilateral: --ray 'auto': cannot be joined: Version mismatch: The cluster was started "
        "with: Ray: 2.40.0; expected"
    )


def test_nobody_is_joined_where_nothing_is_left_to_play(cli: Cli) -> None:
    assert cli("evaluate", "plan.yaml").code == 0

    again = cli("evaluate", "plan.yaml", "--ray", "no such place")

    assert again.code == 0


def test_a_dry_run_joins_nobody(cli: Cli) -> None:
    assert cli("evaluate", "plan.yaml", "--dry-run", "--ray", "no such place").code == 0
