from pathlib import Path

import pytest

from layers.web.charts import colours
from layers.web.charts.area_map import Area, Legend, Outline, area_map
from layers.web.charts.legends import Key, Square
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
)

STATIC = Path(__file__).parents[3] / "layers/web/static/web"
SQUARE = Outline("M0 0h100v100h-100Z", (50, 50))
LEGEND = Legend(
    [Key("seq-1", "0–20%"), Key("no-data", "Nobody"), Key("withheld", "Few")]
)


def drawn(areas: list[Area], look: Look = PAGE, legend: Legend | None = LEGEND) -> str:
    return area_map(areas, (100, 100), CAPTION, look, legend=legend)


def area(fill: str = "seq-1", label: str = "1", **kwargs: bool) -> Area:
    return Area("ATH-N01", SQUARE, fill, "Kypseli: 12", label, **kwargs)


def test_each_area_has_a_title_and_its_code() -> None:
    root = read(drawn([area()]))
    (path,) = (p for p in root.iter(f"{SVG}path") if p.get("data-code"))
    assert path.get("data-code") == "ATH-N01"
    assert "Kypseli: 12" in titles(root)


@pytest.mark.parametrize("look", [PAGE, FILE, ARABIC])
def test_no_data_and_withheld_are_hatched_and_not_alike(look: Look) -> None:
    text = drawn([area("no-data"), area("withheld")], look)
    assert 'fill="url(#chart-map-no-data)"' in text
    assert 'fill="url(#chart-map-withheld)"' in text
    root = read(text)
    ids = [each.get("id") for each in root.iter() if each.get("id")]
    assert len(ids) == len(set(ids))
    assert {"chart-map-no-data", "chart-map-withheld", "chart-no-data"} <= set(ids)


def test_a_map_is_an_image_with_a_name_and_a_description() -> None:
    root = read(drawn([area()]))
    assert root.get("role") == "img"
    by_id = {each.get("id"): each for each in root.iter()}
    assert by_id[root.get("aria-labelledby")].text == CAPTION.title
    assert by_id[root.get("aria-describedby")].text == CAPTION.description


def test_a_map_is_never_mirrored() -> None:
    def places(look: Look) -> list[str | None]:
        root = read(drawn([area()], look))
        return [p.get("d") for p in root.iter(f"{SVG}path") if p.get("data-code")]

    assert places(PAGE) == places(ARABIC)


def test_without_areas_a_map_says_so() -> None:
    assert texts(read(drawn([]))) == ["No figures."]


def test_a_map_without_size_is_refused() -> None:
    with pytest.raises(ValueError, match="not positive"):
        area_map([area()], (0, 100), CAPTION, PAGE)


def test_words_on_a_map_are_escaped() -> None:
    hostile = Area(HOSTILE, SQUARE, "seq-5", HOSTILE, HOSTILE)
    legend = Legend([Key("seq-1", HOSTILE)], Square(*[HOSTILE] * 4))
    root = read(drawn([hostile], legend=legend))
    assert not list(root.iter(f"{SVG}script"))


def test_the_chosen_area_is_drawn_last_so_that_its_outline_is_whole() -> None:
    chosen = Area("chosen", SQUARE, "seq-1", "c", is_chosen=True)
    root = read(drawn([chosen, area()]))
    paths = [p for p in root.iter(f"{SVG}path") if p.get("data-code")]
    assert [p.get("data-code") for p in paths] == ["ATH-N01", "chosen"]


def test_an_area_without_a_place_for_its_label_has_none() -> None:
    nowhere = Area("x", Outline("M0 0h1v1Z", None), "seq-1", "x", "7")
    assert "7" not in texts(read(drawn([nowhere], legend=None)))


def test_a_map_of_two_classes_has_nine_colours_in_its_legend() -> None:
    legend = Legend([], Square("Need", "Not reached", "little", "much"))
    text = drawn([area("biv-13")], legend=legend)
    assert {f"chart-biv-{a}{u}" for a in "123" for u in "123"} <= set(
        text.replace('"', " ").split()
    )


def test_an_id_that_could_end_its_attribute_is_refused() -> None:
    for name in ("", "1a", 'a"b', "a b", "A", "a\n"):
        with pytest.raises(ValueError, match="id:"):
            Look(name)


def test_roles_of_classes_and_changes() -> None:
    assert colours.sequential(None) == "no-data"
    assert colours.bivariate(1, None) == "no-data"
    assert colours.bivariate(3, 1) == "biv-31"
    # inclusive cuts: a change of exactly 10 is none, of exactly 100 is small
    assert [colours.diverging(n, (10, 100)) for n in (-101, -11, 0, 100, 101)] == [
        "div-1",
        "div-2",
        "div-3",
        "div-4",
        "div-5",
    ]


@pytest.mark.parametrize("role", [r for r in colours.VALUES if r[:3] in "seq div biv"])
def test_text_upon_a_class_can_be_read(role: str) -> None:
    # WCAG 2.2, 1.4.3: 4.5 to 1
    ground = colours.luminance(colours.VALUES[role])
    text = colours.luminance(colours.VALUES[colours.on_fill(role)])
    high, low = max(ground, text), min(ground, text)
    assert (high + 0.05) / (low + 0.05) >= 4.5


def test_luminance_of_white_and_black() -> None:
    assert colours.luminance("#ffffff") == pytest.approx(1.0)
    assert colours.luminance("#000000") == 0.0


def test_values_in_files_are_those_of_the_light_page() -> None:
    light = (STATIC / "tokens.css").read_text().split("@media")[0]
    for role, value in colours.VALUES.items():
        token = colours.TOKENS.get(role, role)
        assert f"--{token}: {value};" in light


def test_the_style_sheet_colours_every_role() -> None:
    rules = (STATIC / "charts.css").read_text()
    for role in colours.VALUES:
        token = colours.TOKENS.get(role, role)
        filled = f".chart-{role} {{ fill: var(--{token}); }}"
        drawn_by = f".chart-stroke-{role} {{ stroke: var(--{token}); }}"
        assert filled in rules or drawn_by in rules
