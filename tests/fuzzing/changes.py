"""Ways to change an input that keep its form for the most part, so that it is read far enough."""

import json
import re
import tomllib
from collections.abc import Callable, Sequence
from functools import cache
from random import Random
from typing import Any

import yaml

from tests.fuzzing.target import Change
from tests.fuzzing.trees import HOSTILE, changed

_TOKENS = re.compile(rb"\s+|[A-Za-z_][\w-]*|[0-9.]+|<[^<>]{0,200}>|.", re.DOTALL)

Seeds = Callable[[], Sequence[bytes]]

_STRANGE: Sequence[bytes] = (
    b"&a ",
    b"*a",
    b"<<: *a\n",
    b"!!python/object/apply:os.system ['true']",
    b"!!binary aGk=",
    b"!!set {a, b}",
    b"!x ",
    b"---\n",
    b"...\n",
    b"%YAML 1.1\n",
    b"? [a, b]\n: c\n",
    b"|\n ",
    b">-\n ",
    b"\t",
    b"\r",
    b"\x00",
    b"\xff\xfe",
    b"\xef\xbb\xbf",
    b"\xed\xa0\x80",
    b"\xe2\x80\xa8",
    b"\x1b[2J",
    b"[" * 3000,
    b'{"a":' * 3000,
    b"(" * 500,
    b"9" * 5000,
    b"1e999",
    b"0x" + b"f" * 5000,
    b"-1",
    b"1/0",
    b"NaN",
    b"Infinity",
    b"\\ud800",
    b"\\u0000",
    b"<!DOCTYPE x [<!ENTITY a 'b'>]>",
    b"&a;",
    b"<![CDATA[x]]>",
    b"<?x y?>",
    b"</think>",
    b"<|channel|>",
    b"```json\n",
    b"data: ",
    b"\n\n",
    b'"',
    b"'",
    b"=",
    b"+llm:",
    b"@",
)


def spelt(seeds: Seeds, words: Sequence[str]) -> Change:
    """Return a change by words and signs, whatever the form."""
    known = [word.encode("utf-8", "surrogatepass") for word in words]

    def change(read: bytes, chance: Random) -> bytes:
        tokens = _TOKENS.findall(read) or [b""]
        for _ in range(chance.randrange(1, 4)):
            _turn(tokens, known, seeds(), chance)
        return b"".join(tokens)

    return change


def _turn(
    tokens: list[bytes], words: Sequence[bytes], seeds: Sequence[bytes], chance: Random
) -> None:
    at = chance.randrange(len(tokens) + 1)
    end = min(len(tokens), at + chance.randrange(1, 12))
    match chance.randrange(7):
        case 0:
            del tokens[at:end]
        case 1:
            tokens[at:at] = tokens[at:end] * chance.choice([1, 1, 2, 50])
        case 2 if seeds:
            other = _TOKENS.findall(chance.choice(seeds))
            cut = chance.randrange(len(other) + 1)
            tokens[at:end] = other[cut : cut + chance.randrange(1, 30)]
        case 3 if words:
            tokens[at:end] = [chance.choice(words)]
        case 4:
            tokens[at:at] = [chance.choice(_STRANGE)]
        case 5:
            tokens[at : at + 1] = [_spelt(chance.choice(HOSTILE))]
        case _:
            chance.shuffle(part := tokens[at:end])
            tokens[at:end] = part


def _spelt(value: object) -> bytes:
    text = value if isinstance(value, str) else json.dumps(value)
    return text.encode("utf-8", "surrogatepass")


def by_tree(
    parse: Callable[[bytes], Any],
    write: Callable[[Any, Random], bytes],
    seeds: Seeds,
    words: Sequence[str],
) -> Change:
    """Return a change of the values that an input spells, or of its words where it spells none."""
    otherwise = spelt(seeds, words)

    @cache
    def others() -> Sequence[Any]:
        return [parse(seed) for seed in seeds()]

    def change(read: bytes, chance: Random) -> bytes:
        if chance.random() < 0.25:
            return otherwise(read, chance)
        try:
            value = parse(read)
        except (ValueError, RecursionError, yaml.YAMLError):
            if chance.random() < 0.6:
                return otherwise(read, chance)
            value = chance.choice(others())
        try:
            return write(changed(value, others(), words, chance), chance)
        except (ValueError, RecursionError, TypeError, yaml.YAMLError):
            return otherwise(read, chance)

    return change


def from_yaml(read: bytes) -> Any:
    """Return what a YAML text spells, aliases and all; not what our own reader makes of it."""
    return yaml.load(read.decode("utf-8", "replace"), Loader=_Loader)


_Loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_Dumper: Any = getattr(yaml, "CSafeDumper", yaml.SafeDumper)


def to_yaml(value: Any, chance: Random) -> bytes:
    """Return a value as YAML, in one of its many manners."""
    text = yaml.dump(
        value,
        Dumper=_Dumper,
        sort_keys=False,
        allow_unicode=chance.random() < 0.7,
        default_flow_style=chance.choice([None, False, True]),
        default_style=chance.choice([None, None, None, '"', "'"]),
        width=chance.choice([20, 80, 10_000]),
    )
    return text.encode("utf-8", "surrogatepass")


def from_json(read: bytes) -> Any:
    """Return what a JSON text spells."""
    return json.loads(read)


def to_json(value: Any, chance: Random) -> bytes:
    """Return a value as JSON, loosely."""
    text = json.dumps(
        value, ensure_ascii=chance.random() < 0.5, indent=chance.choice([None, None, 1])
    )
    return text.encode("utf-8", "surrogatepass")


def from_toml(read: bytes) -> Any:
    """Return what a TOML text spells."""
    return tomllib.loads(read.decode("utf-8", "replace"))


def to_toml(value: Any, chance: Random) -> bytes:
    """Return a mapping as TOML, tables within it in line."""
    del chance
    lines = [f"{_toml_key(key)} = {_toml(inner)}" for key, inner in dict(value).items()]
    return "\n".join(lines).encode("utf-8", "surrogatepass")


def _toml(value: Any) -> str:
    if isinstance(value, dict):
        return "{" + ", ".join(f"{_toml_key(k)} = {_toml(v)}" for k, v in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(map(_toml, value)) + "]"
    return "''" if value is None else json.dumps(value).replace("Infinity", "inf")


def _toml_key(key: object) -> str:
    return json.dumps(str(key))


def of_kind(kinds: Sequence[Change]) -> Change:
    """Return a change of an input whose first byte says of which kind the rest is."""

    def change(read: bytes, chance: Random) -> bytes:
        first = read[:1] or b"\0"
        if chance.random() < 0.05:
            first = bytes([chance.randrange(256)])
        return first + kinds[first[0] % len(kinds)](read[1:], chance)

    return change
