import pytest

from layers.web.charts.distribution import Bin, distribution
from layers.web.charts.look import Look
from layers.web.charts.lorenz import Point, Titles, curve_of, lorenz
from layers.web.charts.scale import Scale, ticks
from tests.unit.charts.pictures import CAPTION, HOSTILE, PAGE, SVG, read, texts, whole

TITLES = Titles("People", "Access", "All alike", "Gini 0.42")


def columns(bins: list[Bin], look: Look = PAGE) -> str:
    return distribution(
        bins, CAPTION, look, x_title="Share", y_title="Residents", number=whole
    )


def curve(points: list[Point]) -> str:
    return lorenz(
        points, CAPTION, PAGE, titles=TITLES, share=lambda share: f"{share:.0%}"
    )


def test_columns_are_as_high_as_their_values() -> None:
    root = read(columns([Bin("0–10%", 8, "8"), Bin("10–20%", 2, "2")]))
    high, low = (
        float(each.get("height", "nan"))
        for group in root.iter(f"{SVG}g")
        for each in group.findall(f"{SVG}rect")
    )
    assert high == pytest.approx(4 * low, abs=0.2)


@pytest.mark.parametrize("bins", [[], [Bin("a", 0, "0")]])
def test_columns_of_nothing_say_so(bins: list[Bin]) -> None:
    assert texts(read(columns(bins))) == ["No figures."]


def test_one_column_is_drawn() -> None:
    assert "0–100%" in texts(read(columns([Bin("0–100%", 5, "5")])))


def test_many_columns_leave_out_labels_that_would_touch() -> None:
    bins = [Bin(f"{n}–{n + 1} minutes", n, str(n)) for n in range(40)]
    shown = [text for text in texts(read(columns(bins))) if "minutes" in text]
    assert 2 <= len(shown) < 10


def test_words_of_columns_are_escaped() -> None:
    root = read(columns([Bin(HOSTILE, 1, HOSTILE, code=HOSTILE)]))
    assert not list(root.iter(f"{SVG}script"))


@pytest.mark.parametrize("value", [-0.1, float("nan"), float("inf")])
def test_columns_that_cannot_be_drawn_are_refused(value: float) -> None:
    with pytest.raises(ValueError, match="finite"):
        columns([Bin("a", value, "?")])


def test_a_curve_runs_from_nobody_to_everybody() -> None:
    assert curve_of([(0.5, 0.1)]) == [(0.0, 0.0), (0.5, 0.1), (1.0, 1.0)]


@pytest.mark.parametrize(
    "points",
    [
        [(0.5, 1.1)],
        [(-0.1, 0.0)],
        [(0.5, 0.4), (0.4, 0.5)],
        [(0.5, 0.4), (0.6, 0.3)],
        [(float("nan"), 0.5)],
    ],
)
def test_shares_outside_0_to_1_or_falling_are_refused(points: list[Point]) -> None:
    with pytest.raises(ValueError, match="outside 0 to 1, or falls"):
        curve(points)


def test_a_curve_without_points_says_that_there_is_nothing() -> None:
    assert texts(read(curve([]))) == ["No figures."]


def test_a_curve_names_its_axes_and_its_diagonal() -> None:
    shown = texts(read(curve([(0.5, 0.2)])))
    assert {"People", "Access", "All alike", "Gini 0.42", "25%"} <= set(shown)


@pytest.mark.parametrize(
    ("largest", "last", "steps"),
    [(0.0, 1.0, 1), (1.0, 1.0, 4), (1e-6, 1e-6, 4), (7, 8, 4), (643_452, 800_000, 4)],
)
def test_ticks_are_round_and_reach_the_largest_value(
    largest: float, last: float, steps: int
) -> None:
    # by hand: steps of 1, 2, 2.5 and 5 times a power of ten, about four of them
    found = ticks(largest)
    assert found[-1] == pytest.approx(last)
    assert len(found) == steps + 1


def test_a_value_off_the_scale_lies_at_its_end() -> None:
    scale = Scale(10, 100)
    assert (scale.at(5), scale.at(11), scale.at(-1)) == (50, 100, 0)
