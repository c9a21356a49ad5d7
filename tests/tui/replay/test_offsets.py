from tui.replay import Offsets


def test_items_are_found_by_line_and_lines_by_item() -> None:
    offsets = Offsets([2, 3, 4])

    assert [offsets.at(line) for line in range(9)] == [0, 0, 1, 1, 1, 2, 2, 2, 2]
    assert [offsets.top(item) for item in range(3)] == [0, 2, 5]
    assert offsets.total == 9


def test_lines_beyond_either_end_belong_to_the_nearest_item() -> None:
    offsets = Offsets([2, 3])

    assert offsets.at(-1) == 0
    assert offsets.at(99) == 1


def test_settled_heights_move_everything_below_and_nothing_above() -> None:
    offsets = Offsets([2, 3, 4, 1])

    offsets.settle(1, [5, 1])

    assert [offsets.top(item) for item in range(4)] == [0, 2, 7, 8]
    assert offsets.total == 9


def test_nothing_has_no_height() -> None:
    offsets = Offsets([])

    assert offsets.total == 0
    assert offsets.at(3) == 0
