"""The rule by which a long run is called flat."""

from benchmarks.resources import Sample, verdict


def run(*, memory: list[float], threads: list[int]) -> list[Sample]:
    return [
        Sample(at=at, rss_mb=mb, pss_mb=mb, descriptors=5, sockets=1, threads=count)
        for at, (mb, count) in enumerate(zip(memory, threads, strict=True))
    ]


def test_a_pool_that_goes_up_and_down_is_flat() -> None:
    assert verdict(run(memory=[100.0] * 8, threads=[2, 4, 3, 2, 2, 4, 2, 4])).is_flat


def test_what_is_never_given_back_is_not_flat() -> None:
    found = verdict(run(memory=[100.0] * 8, threads=[2, 3, 2, 3, 3, 4, 3, 4]))
    assert not found.is_flat
    assert "threads 3 → 4" in found.words


def test_memory_that_goes_on_growing_is_not_flat() -> None:
    found = verdict(run(memory=[100.0, 101, 102, 103, 104, 105, 106, 107], threads=[2] * 8))
    assert not found.is_flat
    assert round(found.growth, 3) == round(7 / 105.5, 3)
