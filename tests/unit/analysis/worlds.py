"""Small worlds on a line, whose answers are hand arithmetic.

Metres run east; everything has y = 0. Walks are straight lines times the detour.
"""

from collections import Counter
from datetime import date

import numpy as np

from layers.analysis.coverage import compute
from layers.analysis.parameters import CoverageParameters
from layers.analysis.travel_cost import travel_cost
from layers.selectors.demand import Demand
from layers.selectors.supply import Supply, Term
from layers.selectors.supply_arrays import Sites

NOVEMBER = date(2026, 11, 1)

# 4.5 km/h are 75 m a minute: 10 minutes are 750 walking metres, without a detour 750 m.
TEN_MINUTES = CoverageParameters("athens", threshold_min=10, detour=1)


def sites(*xs, quality=0):
    """Places at metres `xs`, all as well or badly known as `quality` says."""
    xy = np.array([(x, 0.0) for x in xs], dtype=float).reshape(-1, 2)
    return Sites(xy, np.full(len(xy), quality, dtype=np.uint8))


def supply(by_term=None, **counts):
    """What is offered: sites by term, and whichever counts a test is about."""
    return Supply(
        sites=by_term or {},
        located={t: Counter(n) for t, n in counts.get("located", {}).items()},
        serving={t: Counter(n) for t, n in counts.get("serving", {}).items()},
        placeless={t: Counter(n) for t, n in counts.get("placeless", {}).items()},
        n_services=Counter(counts.get("n_services", {})),
        n_placeless=Counter(counts.get("n_placeless", {})),
        protected=set(counts.get("protected", ())),
    )


def demand(*cells, codes=("A", "B"), **given):
    """People: cells of (metres east, people, zone); zone len(codes) is outside."""
    x, people, zone = zip(*cells, strict=True) if cells else ((), (), ())
    n = len(cells)
    values = {
        "is_modelled": np.zeros(n, dtype=bool),
        "is_near_border": np.zeros(n, dtype=bool),
        "vintage": np.full(n, 2021),
        "is_group_known": True,
        **{name: np.asarray(value) for name, value in given.items()},
    }
    return Demand(
        district_codes=codes,
        xy=np.array([(metres, 0.0) for metres in x], dtype=float).reshape(-1, 2),
        people=np.array(people, dtype=float),
        zone=np.array(zone, dtype=np.int64),
        **values,
    )


def rows(people, offered, *terms, parameters=TEN_MINUTES, as_of=NOVEMBER, engine=None):
    """All rows for some terms, a plain one where none is given."""
    return compute(
        parameters,
        people,
        offered,
        terms or (Term("clinic"),),
        engine or travel_cost(parameters),
        as_of=as_of,
    )


def row(found, code=None, term="clinic"):
    """The row of one district; without a code that of the municipality."""
    (match,) = (
        r
        for r in found
        if r.term == term
        and (r.is_total if code is None else not r.is_total and r.district_code == code)
    )
    return match
