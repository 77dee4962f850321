"""The question of an analysis: one form, and clear refusals."""

import json
import math

import pytest

from layers.analysis.parameters import MAX_CODES, CoverageParameters
from layers.errors import InvalidParameter


def test_the_default_question_is_a_quarter_of_an_hour_at_walking_speed():
    asked = CoverageParameters("athens")

    assert asked.is_default
    assert not asked.is_restricted
    # 15 min x 75 m/min, and 1125 m / 1.3
    assert asked.threshold_m == 1125.0
    assert asked.reach_m == pytest.approx(865.38, abs=0.01)


@pytest.mark.parametrize(
    "changed",
    [
        {"codes": ("hospital",)},
        {"group": "women"},
        {"threshold_min": 10},
        {"walk_kmh": 2.9},
        {"supply": "all"},
    ],
)
def test_any_other_question_is_not_the_default_one(changed):
    assert not CoverageParameters("athens", **changed).is_default


@pytest.mark.parametrize("chosen", [{"detour": 1.2}, {"engine": "street_network"}])
def test_how_far_it_is_on_foot_is_for_the_city_to_say(chosen):
    assert CoverageParameters("athens", **chosen).is_default


def test_on_streets_nothing_is_added_to_a_walk():
    asked = CoverageParameters("athens", engine="street_network", detour=1.4)

    # 15 min x 75 m/min: no place within the walk is farther as the crow flies.
    assert (asked.detour, asked.reach_m) == (1.0, 1125.0)
    assert asked == CoverageParameters("athens", engine="street_network")


def test_every_level_and_kind_has_a_default_question():
    assert CoverageParameters(
        "athens", level="municipal_community", by="committee"
    ).is_default


def test_equal_questions_are_equal_however_they_were_written():
    one = CoverageParameters("athens", codes=("b", "a", "b"), threshold_min=15)
    other = CoverageParameters("athens", codes=["a", "b"], threshold_min=15.0000001)

    assert one == other
    assert one.hash == other.hash


def test_the_hash_is_the_same_on_every_machine_and_day():
    # printf '%s' of the text | sha256sum; changing it orphans every stored run.
    asked = CoverageParameters("athens")

    assert asked.as_json() == (
        '{"access":"enhanced_two_step_fca","by":"category","codes":[],"decay":"stepped",'
        '"detour":1.3,"eligibility":{},"engine":"straight_line","group":null,'
        '"level":"neighbourhood","municipality":"athens","places_per_1000":null,'
        '"supply":"public","threshold":"given","threshold_min":15.0,"walk_kmh":4.5}'
    )
    assert asked.hash == (
        "4587aad24c0b5b451d4f560e60da8dd10282961cbe76b966568fc3a17377dcfb"
    )


def test_parameters_survive_the_way_through_json():
    asked = CoverageParameters("athens", codes=("hospital",), group="women", detour=1.4)

    assert CoverageParameters.from_dict(json.loads(asked.as_json())) == asked


def test_an_unknown_key_of_a_stored_question_is_refused():
    with pytest.raises(InvalidParameter, match="speed"):
        CoverageParameters.from_dict({"municipality": "athens", "speed": 4})


def test_the_ends_of_the_ranges_are_inside():
    CoverageParameters("athens", threshold_min=1, walk_kmh=1, detour=1)
    CoverageParameters("athens", threshold_min=120, walk_kmh=10, detour=3)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("municipality", ""),
        ("municipality", "Αθήνα"),
        ("municipality", "a" * 61),
        ("municipality", "athens; drop"),
        ("municipality", "athens\n"),
        ("municipality", None),
        ("level", "street"),
        ("by", "sector"),
        ("supply", "hidden"),
        ("engine", ""),
        ("group", "Women"),
        ("codes", "hospital"),
        ("codes", ("Hospital",)),
        ("codes", (1,)),
        ("codes", tuple(f"c{n}" for n in range(MAX_CODES + 1))),
        ("codes", None),
        ("threshold_min", 0.999),
        ("threshold_min", 120.1),
        ("threshold_min", math.nan),
        ("threshold_min", math.inf),
        ("threshold_min", "15"),
        ("threshold_min", True),
        ("walk_kmh", 0.5),
        ("walk_kmh", 11),
        ("detour", 0.99),
        ("detour", 3.5),
    ],
)
def test_what_is_out_of_range_is_refused_by_name(name, value):
    with pytest.raises(InvalidParameter) as caught:
        CoverageParameters(**{"municipality": "athens", name: value})

    assert caught.value.name == name


def test_parameters_never_change():
    with pytest.raises(AttributeError):
        CoverageParameters("athens").threshold_min = 20
