"""The exception tree says who can mend what."""

import pytest

import games.errors as errors

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
