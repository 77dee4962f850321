"""Worlds on a line whose places say what they take and when they are open."""

from dataclasses import replace

import numpy as np

from layers.measures.week_slots import week_words
from layers.selectors.supply_places import Places, numbered_points
from tests.unit.analysis.worlds import sites, supply

OFFICE = [(day * 2880 + 9 * 60, day * 2880 + 17 * 60) for day in range(5)]
"""Monday to Friday, 9 to 17: 40 hours of 168."""


def place(x, term="clinic", *, capacity=None, unit="places", **said):
    """A service at x metres east; without a capacity it says none."""
    return {
        "x": float(x),
        "terms": (term,) if isinstance(term, str) else tuple(term),
        "capacity": np.nan if capacity is None else float(capacity),
        "unit": "" if capacity is None else unit,
        "months": 0.0,
        "for_all": True,
        "hours": OFFICE,
        **said,
    }


def places(*listed):
    """What `supply` hands out for some places."""
    listed = sorted(listed, key=lambda one: one["x"])
    x = np.array([one["x"] for one in listed], dtype=float)
    xy, point = numbered_points(x, np.zeros(len(x)))
    hours = [one["hours"] for one in listed]
    slugs = {slug for one in listed for slug in one["terms"]}
    return Places(
        xy=xy,
        point=point,
        capacity=np.array([one["capacity"] for one in listed], dtype=float),
        unit=np.array([one["unit"] for one in listed], dtype=np.str_),
        months=np.array([one["months"] for one in listed], dtype=float),
        is_for_all=np.array([one["for_all"] for one in listed], dtype=bool),
        week=np.array([week_words(h or ()) for h in hours]).reshape(-1, 3).astype("u8"),
        has_hours=np.array([h is not None for h in hours], dtype=bool),
        of_term={
            slug: np.array(
                [n for n, one in enumerate(listed) if slug in one["terms"]], dtype=int
            )
            for slug in sorted(slugs)
        },
    )


def offered(*listed, **counts):
    """All that is offered: the places, and the sites that walks are measured to."""
    by_term = {}
    for one in listed:
        for slug in one["terms"]:
            by_term.setdefault(slug, []).append(one["x"])
    by_sites = {slug: sites(*sorted(set(xs))) for slug, xs in by_term.items()}
    return replace(supply(by_sites, **counts), places=places(*listed))
