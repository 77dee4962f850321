"""What a process keeps of its tiles."""

from layers.published.layers.tile_cache import TileCache
from layers.published.versions import DataState

ONE, TWO = DataState("1", None), DataState("2", None)


def test_a_tile_is_kept_with_the_state_it_was_made_from() -> None:
    cache = TileCache(100)
    cache.put(("a", 0, 0, 0), ONE, b"tile")
    assert cache.get(("a", 0, 0, 0)) == (ONE, b"tile")
    cache.put(("a", 0, 0, 0), TWO, b"newer")
    assert cache.get(("a", 0, 0, 0)) == (TWO, b"newer")
    assert cache.get(("b", 0, 0, 0)) is None


def test_what_was_not_asked_for_longest_goes_first() -> None:
    cache = TileCache(10)
    for n in range(2):
        cache.put(("a", 1, n, 0), ONE, b"12345")
    cache.get(("a", 1, 0, 0))
    cache.put(("a", 1, 2, 0), ONE, b"12345")
    assert cache.get(("a", 1, 0, 0)) is not None
    assert cache.get(("a", 1, 1, 0)) is None


def test_replacing_a_tile_gives_its_room_back() -> None:
    cache = TileCache(10)
    for _ in range(5):
        cache.put(("a", 0, 0, 0), ONE, b"123456789")
    assert cache.get(("a", 0, 0, 0)) is not None


def test_a_tile_larger_than_all_room_is_not_kept() -> None:
    cache = TileCache(3)
    cache.put(("a", 0, 0, 0), ONE, b"1234")
    assert cache.get(("a", 0, 0, 0)) is None
    cache.clear()
