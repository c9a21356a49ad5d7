"""The exception tree says who can mend what."""

import pickle
from pathlib import Path

import pytest

import games.errors as errors
from games.files.reading import Unreadable

TREE = {
    errors.UserError: [
        errors.ScenarioError,
        errors.TranscriptError,
        errors.SeatError,
        errors.SettingError,
    ],
    errors.DelegateError: [errors.IllegalMove, errors.UnusableReply],
    errors.ProviderError: [],
    errors.CapReached: [],
}


@pytest.mark.parametrize(("family", "members"), TREE.items())
def test_each_error_belongs_to_one_family(family, members):
    assert issubclass(family, errors.MinilateralError)
    for member in members:
        assert [known for known in TREE if issubclass(member, known)] == [family]


def test_the_tree_in_the_docstring_names_every_error():
    classes = [name for name, value in vars(errors).items() if isinstance(value, type)]

    assert [name for name in classes if name not in str(errors.__doc__)] == []


@pytest.mark.parametrize(
    "error",
    [
        errors.UserError("x" * 5_000),
        errors.UnsoundEvent(3, "it is torn", Path("t.jsonl"), "; and so on"),
        errors.NotKept("t.jsonl: cannot be written"),
        errors.UnusableReply("no move", "refused"),
        Unreadable("a.json", "is not there", is_missing=True),
    ],
    ids=lambda error: type(error).__name__,
)
def test_an_error_comes_to_another_process_as_it_is(error):
    there = pickle.loads(pickle.dumps(error))

    assert (type(there), str(there), vars(there)) == (type(error), str(error), vars(error))
