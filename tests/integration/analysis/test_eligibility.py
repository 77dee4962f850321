"""Eligibility before distance, and what is not known counted both ways.

People live at x = 100 m; places at 200 m (100 m away) and 400 m (300 m away), all within
any threshold but the last: at 4.5 km/h and a detour of 1, 2 minutes are 150 m.
"""

import datetime as dt
from datetime import date

import pytest

from layers.analysis.coverage import analyse
from layers.analysis.parameters import CoverageParameters
from layers.errors import InvalidParameter
from layers.selectors.eligibility import Eligibility, months_before
from tests import factories as make

pytestmark = pytest.mark.django_db

TODAY = date(2026, 11, 22)


@pytest.fixture
def town(city):
    city.people(100, 400)
    city.people(1500, 600)
    return city


def found(needs, minutes=10.0):
    """Return the row of neighbourhood A for clinics."""
    parameters = CoverageParameters(
        "athens",
        threshold_min=minutes,
        detour=1,
        codes=("clinic",),
        eligibility=Eligibility(**needs),
    )
    rows = analyse(parameters, as_of=TODAY).rows
    (row,) = (r for r in rows if r.district_code == "A")
    return row


def speaks(service, code, mode="staff"):
    make.ServiceLanguageFactory(service=service, code=code, mode=mode)


@pytest.mark.parametrize(
    ("mode", "is_served"),
    [("staff", True), ("interpreter", True), ("on_request", False)],
)
def test_a_language_must_be_spoken_by_somebody_there(town, mode, is_served):
    speaks(town.place(200, "clinic"), "fa", mode)
    town.publish()
    assert (found({"languages": ("fa",)}).residents_served > 0) is is_served


def test_a_service_that_names_no_language_is_not_known(town):
    town.place(200, "clinic")
    town.publish()
    row = found({"languages": ("fa",)})
    assert row.residents_served == 0
    assert row.interval["residents_unserved"] == [0, 400]
    assert "ELIGIBILITY_UNKNOWN" in row.flags
    assert row.n_located == 0
    assert found({}).residents_served == 400
    assert "ELIGIBILITY_UNKNOWN" not in found({}).flags


def test_a_service_in_another_language_is_none(town):
    speaks(town.place(200, "clinic"), "ar")
    town.publish()
    row = found({"languages": ("fa", "ur")})
    assert row.residents_served == 0
    assert row.interval["residents_unserved"] == [400, 400]


def test_the_nearest_that_is_usable_decides_not_the_nearest(town):
    speaks(town.place(200, "clinic"), "ar")
    speaks(town.place(400, "clinic"), "fa")
    town.publish()
    assert found({}).median_walk_m == 100
    assert found({"languages": ("fa",)}).median_walk_m == 300
    assert found({"languages": ("fa",)}, minutes=2).residents_served == 0


@pytest.mark.parametrize(
    ("step_free", "served", "between"),
    [
        ("yes", 400, [0, 0]),
        ("no", 0, [400, 400]),
        ("partial", 0, [0, 400]),
        ("unknown", 0, [0, 400]),
    ],
)
def test_steps(town, step_free, served, between):
    place = town.place(200, "clinic", step_free=step_free, assured_date=TODAY)
    make.ScheduleFactory(service=place)
    town.publish()
    write_hours(place)
    row = found({"step_free": True})
    assert row.residents_served == served
    assert row.interval["residents_unserved"] == between


@pytest.mark.parametrize(("required", "served"), [(True, 0), (False, 400), (None, 0)])
def test_a_referral_that_may_be_needed_is_not_none(town, required, served):
    town.place(200, "clinic", referral_required=required)
    town.publish()
    assert found({"no_referral": True}).residents_served == served


@pytest.mark.parametrize(
    ("gender", "asked", "served"),
    [
        ("any", "women", 400),
        ("women", "women", 400),
        ("men", "women", 0),
        ("women", "men", 0),
    ],
)
def test_gender(town, gender, asked, served):
    town.place(200, "clinic", gender=gender)
    town.publish()
    assert found({"gender": asked}).residents_served == served


@pytest.mark.parametrize(
    ("age", "served"), [(17.9, 0), (18, 400), (65, 400), (65.1, 0), (0, 0)]
)
def test_ages_take_in_their_ends(town, age, served):
    town.place(200, "clinic", minimum_age=18, maximum_age=65)
    town.publish()
    assert found({"age": age}).residents_served == served


def test_a_service_that_names_no_age_admits_every_one(town):
    town.place(200, "clinic")
    town.publish()
    assert found({"age": 0}).residents_served == 400


def write_hours(service):
    from layers.directory.read_model import refresh

    refresh([service.pk])


@pytest.mark.parametrize(
    ("at", "served"),
    [
        ("mon 09:00", 400),
        ("mon 16:59", 400),
        ("mon 17:00", 0),
        ("sat 10:00", 0),
        ("sun 23:00", 0),
    ],
)
def test_hours_of_an_ordinary_week(town, at, served):
    place = town.place(200, "clinic")
    make.ScheduleFactory(service=place)  # Monday to Friday, 9 to 17
    town.publish()
    write_hours(place)
    assert found({"at": at}).residents_served == served


def test_a_night_runs_into_the_next_day_also_from_sunday(town):
    place = town.place(200, "clinic")
    make.ScheduleFactory(
        service=place, byday=["SU"], opens_at=dt.time(20), closes_at=dt.time(4)
    )
    town.publish()
    write_hours(place)
    assert found({"at": "sun 21:00"}).residents_served == 400
    assert found({"at": "mon 03:59"}).residents_served == 400
    assert found({"at": "mon 04:00"}).residents_served == 0
    assert found({"at": "tue 03:00"}).residents_served == 0


def test_hours_that_nobody_wrote_down_are_not_known(town):
    town.place(200, "clinic")
    town.publish()
    row = found({"at": "mon 10:00"})
    assert row.residents_served == 0
    assert row.interval["residents_unserved"] == [0, 400]


@pytest.mark.parametrize(
    ("assured", "served"),
    [(date(2026, 5, 22), 400), (date(2026, 5, 21), 0), (None, 0)],
)
def test_verified_within_months(town, assured, served):
    town.place(200, "clinic", assured_date=assured)
    town.publish()
    assert found({"verified_months": 6}).residents_served == served


def test_what_is_needed_adds_up(town):
    place = town.place(200, "clinic", gender="women", minimum_age=18)
    speaks(place, "fa")
    town.publish()
    needs = {"languages": ("fa",), "gender": "women", "age": 30}
    assert found(needs).residents_served == 400
    assert found({**needs, "age": 15}).residents_served == 0
    # One part that is not met is a no, whatever is not known besides.
    row = found({**needs, "age": 15, "step_free": True})
    assert row.interval["residents_unserved"] == [400, 400]


@pytest.mark.parametrize(
    ("needs", "name"),
    [
        ({"languages": ("farsi!",)}, "language"),
        ({"languages": tuple(f"a{c}" for c in "abcdefghijk")}, "language"),
        ({"gender": "any"}, "gender"),
        ({"age": -1}, "age"),
        ({"age": float("nan")}, "age"),
        ({"at": "monday 9"}, "at"),
        ({"at": "mon 24:00"}, "at"),
        ({"verified_months": 0}, "verified_within_months"),
    ],
)
def test_what_cannot_be_needed_is_refused_by_name(needs, name):
    with pytest.raises(InvalidParameter) as caught:
        Eligibility(**needs)
    assert caught.value.name == name


def test_protected_places_and_needs_do_not_go_together():
    with pytest.raises(InvalidParameter, match="supply"):
        CoverageParameters("athens", supply="all", eligibility=Eligibility(age=5))


def test_parameters_with_needs_come_back_from_their_json():
    asked = CoverageParameters(
        "athens", eligibility=Eligibility(languages=("ur", "fa"), age=0.0)
    )
    assert asked.as_dict()["eligibility"] == {"languages": ["fa", "ur"], "age": 0.0}
    assert CoverageParameters.from_dict(asked.as_dict()) == asked
    assert not asked.is_default


def test_months_before_end_with_the_month():
    assert months_before(date(2026, 3, 31), 1) == date(2026, 2, 28)
    assert months_before(date(2026, 1, 15), 13) == date(2024, 12, 15)
    assert months_before(date(2028, 2, 29), 12) == date(2027, 2, 28)


@pytest.mark.parametrize(
    ("modes", "mode", "served"),
    [
        (("staff",), "interpreter", 0),
        (("staff",), "staff", 400),
        (("on_request",), "on_request", 400),
        (("interpreter", "on_request"), "staff", 0),
    ],
)
def test_who_speaks_the_language_can_be_asked(town, modes, mode, served):
    speaks(town.place(200, "clinic"), "fa", mode)
    town.publish()
    asked = {"languages": ("fa",), "language_modes": modes}
    assert found(asked).residents_served == served


@pytest.mark.parametrize(
    ("needs", "served"),
    [
        ({"open_slots": ("weekday_morning",)}, 400),
        ({"open_slots": ("weekday_evening",)}, 0),
        ({"open_slots": ("weekday_evening", "weekday_afternoon")}, 400),
        # 40 of 168 hours; 15 of the 20 of weekday mornings, 9, 10 and 11 of 8 to 12.
        ({"min_open_share": 40 / 168}, 400),
        ({"min_open_share": 41 / 168}, 0),
        ({"open_slots": ("weekday_morning",), "min_open_share": 0.75}, 400),
        ({"open_slots": ("weekday_morning",), "min_open_share": 0.8}, 0),
    ],
)
def test_a_place_is_open_in_so_much_of_the_week(town, needs, served):
    place = town.place(200, "clinic")
    make.ScheduleFactory(service=place)  # Monday to Friday, 9 to 17
    town.publish()
    write_hours(place)
    assert found(needs).residents_served == served


def test_a_night_is_open_on_the_next_day_too(town):
    place = town.place(200, "clinic")
    make.ScheduleFactory(
        service=place, byday=["SU"], opens_at=dt.time(20), closes_at=dt.time(4)
    )
    town.publish()
    write_hours(place)
    # Sunday 20, and 21 to 24 and 0 to 4 of the night: eight hours.
    assert found({}).open_share == pytest.approx(8 / 168, abs=1e-6)
    # 21, 22 and 23 o'clock, and 0 to 3: seven of the 77 hours of nights.
    assert found({"open_slots": ("night",)}).open_share == pytest.approx(
        7 / 77, abs=1e-6
    )


def test_unknown_hours_are_not_known_to_be_enough(town):
    town.place(200, "clinic")
    town.publish()
    row = found({"min_open_share": 0.1})
    assert row.residents_served == 0
    assert row.interval["residents_unserved"] == [0, 400]
    assert "ELIGIBILITY_UNKNOWN" in row.flags
    open_to_all = found({})
    assert (open_to_all.open_share, open_to_all.open_share_high) == (None, 1)


@pytest.mark.parametrize(
    ("needs", "named"),
    [
        ({"open_slots": ("siesta",)}, "open_slots"),
        ({"min_open_share": 0}, "min_open_share"),
        ({"min_open_share": 1.1}, "min_open_share"),
        ({"language_modes": ("staff",)}, "language_mode"),
        ({"languages": ("fa",), "language_modes": ("sign",)}, "language_mode"),
    ],
)
def test_what_cannot_be_asked_of_hours_and_languages_is_refused(needs, named):
    with pytest.raises(InvalidParameter, match=named):
        Eligibility(**needs)


def test_capacity_verification_and_groups_reach_the_analysis(town):
    place = town.place(200, "clinic", assured_date=date(2025, 5, 22))
    make.ServiceCapacityFactory(service=place, unit="places", maximum=8)
    town.publish()
    row = found({})
    # Eight for the 400 who reach it; eighteen months after verification a half counts.
    assert row.access_per_1000 == pytest.approx(20)
    assert row.access_per_1000_fresh == pytest.approx(10, rel=0.01)
    assert row.figures["access_unit"] == "places"
