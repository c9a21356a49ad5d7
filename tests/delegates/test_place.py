import socket
from collections.abc import Iterator
from contextlib import closing

import pytest

from delegates.place import Place, take_place
from games.errors import UserError


@pytest.fixture
def loopback() -> Iterator[Place]:
    place = take_place("127.0.0.1", 0, anyone=False)
    with closing(place.listening):
        yield place


@pytest.fixture
def wide() -> Iterator[Place]:
    place = take_place("0.0.0.0", 0, anyone=True)
    with closing(place.listening):
        yield place


def test_a_place_is_told_as_a_browser_wants_it(loopback: Place, wide: Place) -> None:
    assert loopback.url == f"http://127.0.0.1:{loopback.port}/"
    assert wide.url == f"http://{socket.gethostname()}:{wide.port}/"
    assert (loopback.is_open, wide.is_open) == (False, True)


@pytest.mark.parametrize(
    ("name", "is_ours"),
    [
        ("127.0.0.1:{}", True),
        ("localhost:{}", True),
        ("LOCALHOST:{}", True),
        ("[::1]:{}", True),
        ("127.0.0.2:{}", True),
        ("127.0.0.1", False),
        ("127.0.0.1:1", False),
        ("192.168.1.5:{}", False),
        ("evil.example:{}", False),
        ("localhost.evil.example:{}", False),
        ("127.0.0.1.evil.example:{}", False),
        ("evil@127.0.0.1:{}", False),
        (":{}", False),
        ("", False),
        ("[::1", False),
        ("localhost:{}x", False),
        ("localhost:²", False),
    ],
)
def test_a_place_of_this_machine_alone_answers_to_its_names_alone(
    loopback: Place, name: str, is_ours: bool
) -> None:
    assert loopback.answers_to(name.format(loopback.port)) == is_ours


@pytest.mark.parametrize(
    ("name", "is_ours"),
    [("192.168.1.5:{}", True), ("[fe80::1]:{}", True), ("evil.example:{}", False)],
)
def test_an_open_place_answers_to_addresses_but_to_no_strange_name(
    wide: Place, name: str, is_ours: bool
) -> None:
    assert wide.answers_to(name.format(wide.port)) == is_ours
    assert wide.answers_to(f"{socket.gethostname()}:{wide.port}")


@pytest.mark.parametrize(
    ("host", "port", "told"),
    [
        ("127.0.0.1", -1, "--port -1: expected 1 to 65535"),
        ("127.0.0.1", 65536, "--port 65536: expected 1 to 65535"),
        ("0.0.0.0", 0, "no password, and nothing is encrypted; expected --anyone"),
        ("::", 0, "expected --anyone"),
        ("no such host", 0, "'no such host': there is no such address"),
        ("a" * 300, 0, "there is no such address"),
    ],
)
def test_what_cannot_be_served_at_is_told_in_a_line(host: str, port: int, told: str) -> None:
    with pytest.raises(UserError) as caught:
        take_place(host, port, anyone=False)
    assert told in str(caught.value)
    assert "\n" not in str(caught.value)


def test_an_address_of_another_machine_is_told() -> None:
    with pytest.raises(UserError, match="not an address of this machine"):
        take_place("192.0.2.1", 0, anyone=True)


def test_a_port_in_use_is_told(loopback: Place) -> None:
    with pytest.raises(UserError, match=f"--port {loopback.port}: something else listens there"):
        take_place("127.0.0.1", loopback.port, anyone=False)
