import pytest

from layers.web.charts.bars import Bar, bars
from layers.web.charts.look import Look
from tests.unit.charts.pictures import (
    ARABIC,
    CAPTION,
    FILE,
    HOSTILE,
    PAGE,
    SVG,
    read,
    texts,
    titles,
    whole,
)


def lengths(rows: list[Bar], look: Look = PAGE) -> list[float]:
    root = read(bars(rows, CAPTION, look, number=whole))
    return [
        float(each.get("width", "nan"))
        for group in root.iter(f"{SVG}g")
        for each in group.findall(f"{SVG}rect")
    ]


def test_bars_are_as_long_as_their_values_are_large() -> None:
    # 20 is twice 10, whatever the axis ends at; coordinates have one decimal
    long, half = lengths([Bar("A", 20, "20"), Bar("B", 10, "10")])
    assert long == pytest.approx(2 * half, abs=0.2)


def test_a_value_that_is_not_known_has_words_and_no_bar() -> None:
    root = read(bars([Bar("A", None, "withheld")], CAPTION, PAGE, number=whole))
    assert "withheld" in texts(root)
    assert lengths([Bar("A", None, "withheld")]) == []


def test_zero_has_a_bar_of_no_length() -> None:
    assert lengths([Bar("A", 0, "0"), Bar("B", 0, "0")]) == [0, 0]


def test_the_axis_reaches_the_end_of_the_longest_interval() -> None:
    rows = [Bar("A", 10, "10", low=5, high=900)]
    root = read(bars(rows, CAPTION, PAGE, number=whole))
    assert "1,000" in texts(root)


def test_all_equal_bars_are_equally_long() -> None:
    assert len(set(lengths([Bar(n, 7, "7") for n in "ABCDE"]))) == 1


def test_nothing_to_show_says_so() -> None:
    assert texts(read(bars([], CAPTION, PAGE, number=whole))) == ["No figures."]


def test_names_cannot_leave_their_text() -> None:
    row = Bar(HOSTILE, 1, HOSTILE, code=HOSTILE, low=0, high=2)
    root = read(bars([row], CAPTION, PAGE, number=whole))
    assert not list(root.iter(f"{SVG}script"))
    assert any("<script>alert" in text for text in titles(root))


@pytest.mark.parametrize("value", [-1.0, float("nan"), float("inf")])
def test_values_that_cannot_be_drawn_are_refused(value: float) -> None:
    for row in (Bar("A", value, "?"), Bar("A", 1, "1", low=0, high=value)):
        with pytest.raises(ValueError, match="finite and at least 0"):
            bars([row], CAPTION, PAGE, number=whole)


def test_in_arabic_bars_begin_at_the_right() -> None:
    rows = [Bar("A", 10, "10"), Bar("B", 5, "5")]
    root = read(bars(rows, CAPTION, ARABIC, number=whole))
    found = [
        (float(each.get("x", "nan")) + float(each.get("width", "nan")))
        for group in root.iter(f"{SVG}g")
        for each in group.findall(f"{SVG}rect")
    ]
    assert found[0] == pytest.approx(found[1], abs=0.2)
    assert found[0] > ARABIC.width / 2


def test_an_arabic_name_keeps_its_own_direction() -> None:
    text = bars([Bar("ميتاكسورجيو", 1, "1")], CAPTION, PAGE, number=whole)
    assert "\u2068ميتاكسورجيو\u2069" in text


def test_on_a_page_colours_are_classes_and_in_a_file_values() -> None:
    rows = [Bar("A", 1, "1", fill="seq-3")]
    on_page = bars(rows, CAPTION, PAGE, number=whole)
    in_file = bars(rows, CAPTION, FILE, number=whole)
    assert "chart-seq-3" in on_page
    assert "#" not in on_page.replace("url(#chart", "")
    assert "#41b6c4" in in_file
    assert "class=" not in in_file
    assert "style" not in on_page + in_file


def test_long_names_are_cut_with_an_ellipsis_and_whole_in_the_title() -> None:
    name = "Άγιος Παντελεήμονας και όλα τα γύρω στενά"
    root = read(bars([Bar(name, 1, "1")], CAPTION, PAGE, number=whole))
    assert any(text.endswith("…") for text in texts(root))
    assert f"{name}: 1" in titles(root)
