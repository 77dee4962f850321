"""The rows of an invented city, table by table, ready for COPY.

They go into the normalised tables, as an import would write them; the read model is
then written by the project itself. Every tenth service is rich in detail, most are
plain, some have no place, and a few are hidden, protected or still drafts.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

import numpy as np
import orjson
import shapely

from tests.bench.city import City
from tests.bench.details import Row, Table, detail_tables

MADE_AT = datetime(2026, 11, 1, tzinfo=UTC)
N_ORGANIZATIONS = 500

WORDS = {
    "el": ("Κέντρο", "Γραφείο", "Δομή", "Σύλλογος", "Στέκι", "Μονάδα"),
    "en": ("Centre", "Office", "Facility", "Association", "Hub", "Unit"),
    "fr": ("Centre", "Bureau", "Structure", "Association", "Espace", "Unité"),
    "ar": ("مركز", "مكتب", "مرفق", "جمعية", "ملتقى", "وحدة"),
    "fa": ("مرکز", "دفتر", "مرکز خدمات", "انجمن", "پاتوق", "واحد"),
}
DESCRIPTIONS = {
    "el": "Ενημέρωση, υποστήριξη και παραπομπή για κατοίκους της πόλης. Η εξυπηρέτηση"
    " είναι δωρεάν και γίνεται με σειρά προσέλευσης ή με ραντεβού.",
    "en": "Information, support and referral for people who live in the city. The"
    " service is free of charge, in order of arrival or by appointment.",
}


@dataclass(frozen=True, slots=True)
class Sizes:
    """How many of each kind make `n_points` rows of the read model."""

    placeless: int
    placed: int
    second_places: int
    hidden: int
    drafts: int
    locations: int

    @classmethod
    def of(cls, n_points: int) -> "Sizes":
        """Return the numbers: 2 % without a place, 15 % of the others with two."""
        placeless = n_points // 50
        pairs = n_points - placeless
        placed = -(-pairs * 100 // 115)
        return cls(
            placeless=placeless,
            placed=placed,
            second_places=pairs - placed,
            hidden=max(1, n_points // 100),
            drafts=max(1, n_points // 50),
            locations=max(2, pairs * 85 // 100),
        )

    @property
    def services(self) -> int:
        """All services, seen or not."""
        return self.placed + self.placeless + self.hidden + self.drafts


@dataclass(frozen=True, slots=True)
class Terms:
    """Leaf categories with their names, groups, and the ids of both, by taxonomy."""

    categories: list[tuple[int, dict[str, str]]]
    groups: list[int]


class Rows:
    """All tables of a city; iterate `tables()` once, in its order."""

    def __init__(
        self, city: City, terms: Terms, municipality: UUID, n_points: int, seed: int
    ) -> None:
        self.city, self.terms, self.municipality = city, terms, municipality
        self.sizes = Sizes.of(n_points)
        self.rng = np.random.default_rng(seed + 1)
        self.organizations = self._ids(N_ORGANIZATIONS)
        self.services = self._ids(self.sizes.services)
        self.locations = self._ids(self.sizes.locations + self.sizes.hidden)
        placed = self.sizes.placed + self.sizes.hidden
        self.pairs = self._ids(placed + self.sizes.second_places)
        n = self.sizes.services
        self.category = self.rng.integers(0, len(terms.categories), (n, 2))
        self.is_rich = self.rng.random(n) < 0.1

    def _ids(self, n: int) -> list[UUID]:
        data = self.rng.bytes(16 * n)
        return [UUID(bytes=data[i : i + 16], version=4) for i in range(0, 16 * n, 16)]

    def tables(self) -> Iterator[Table]:
        """Yield every table, parents first."""
        yield from self._areas()
        yield (
            "layers_organization",
            "id, created_at, updated_at, source, source_id, licence, is_demo,"
            " municipality_id, names, descriptions, email, url, phone, logo, org_type",
            self._organizations(),
        )
        yield (
            "layers_service",
            "id, created_at, updated_at, source, source_id, licence, is_demo,"
            " municipality_id, organization_id, names, descriptions, status,"
            " application_process, eligibility, minimum_age, fees, alert, url, email,"
            " audience, delivery_mode, referral_required, referral_method, gender,"
            " step_free, open_on_holidays, moderation_state, assured_date, assurer,"
            " update_frequency",
            self._services(),
        )
        yield from self._places()
        yield from detail_tables(self)
        yield (
            "layers_demandpoint",
            "municipality_id, point, population, groups, source, source_id, licence,"
            " vintage, quality, method",
            self._demand(),
        )

    def _areas(self) -> Iterator[Table]:
        ids = dict(
            zip(
                (a.code for a in self.city.areas),
                self._ids(len(self.city.areas)),
                strict=True,
            )
        )
        yield (
            "layers_district",
            "id, created_at, updated_at, municipality_id, level, code, names, parent_id,"
            " boundary, label_point, area_m2, boundary_source, boundary_licence,"
            " is_schematic",
            (
                (
                    ids[area.code],
                    MADE_AT,
                    MADE_AT,
                    self.municipality,
                    area.level,
                    area.code,
                    _text({"el": f"Περιοχή {area.code}", "en": f"Area {area.code}"}),
                    ids[area.parent] if area.parent else None,
                    _geometry(area.boundary),
                    _geometry(area.boundary.representative_point()),
                    1.0,
                    "tests.bench",
                    "",
                    True,
                )
                for area in self.city.areas
            ),
        )

    def _organizations(self) -> Iterator[Row]:
        kinds = ("municipal", "public", "ngo_local", "ngo_international", "community")
        for n, key in enumerate(self.organizations):
            names = {"el": f"Οργανισμός {n}", "en": f"Organization {n}"}
            yield (
                key, MADE_AT, MADE_AT, "bench", f"o{n}", "", False, self.municipality,
                _text(names), "{}", "", "", "", "", kinds[n % len(kinds)],
            )  # fmt: skip

    def _services(self) -> Iterator[Row]:
        size, rng = self.sizes, self.rng
        n = size.services
        status = rng.choice(["active", "inactive", "temporarily closed"], n, p=[0.94, 0.03, 0.03])  # fmt: skip
        audience = rng.choice(["both", "beneficiaries", "professionals"], n, p=[0.5, 0.4, 0.1])  # fmt: skip
        gender = rng.choice(["any", "women", "men"], n, p=[0.9, 0.08, 0.02])
        step_free = rng.choice(["yes", "partial", "no", "unknown"], n)
        owner = rng.integers(0, len(self.organizations), n)
        verified = rng.integers(0, 900, n)
        description = _text(DESCRIPTIONS)
        for i, key in enumerate(self.services):
            rich, remote = bool(self.is_rich[i]), i >= size.placed
            yield (
                key, MADE_AT, MADE_AT, "bench", f"s{i}", "CC0-1.0", False,
                self.municipality, self.organizations[owner[i]],
                _text(self._names(i)), description, str(status[i]),
                _text({"el": "Με ραντεβού", "en": "By appointment"}) if rich else "{}",
                _text({"el": "Για όλους", "en": "For everybody"}) if rich else "{}",
                18 if rich else None,
                _text({"el": "Δωρεάν", "en": "Free"}), "{}",
                f"https://bench.example/{i}" if rich else "", "",
                str(audience[i]), "remote" if remote else "on_site",
                True if rich else None, ["phone"] if rich else [], str(gender[i]),
                str(step_free[i]), rich,
                "draft" if i >= n - size.drafts else "published",
                date.fromordinal(MADE_AT.toordinal() - int(verified[i])), "", 6,
            )  # fmt: skip

    def _names(self, i: int) -> dict[str, str]:
        _, category = self.terms.categories[self.category[i, 0]]
        languages = WORDS if self.is_rich[i] else ("el", "en")
        return {
            lang: f"{WORDS[lang][i % 6]} {i}: {category.get(lang, category['en'])}"
            for lang in languages
        }

    def _places(self) -> Iterator[Table]:
        size = self.sizes
        public = size.locations
        near = self.rng.integers(0, public, size.placed).tolist()
        # A service has a place once; one place may have several services.
        links = [(i, near[i]) for i in range(size.placed)]
        links += [(i, (near[i] + 1) % public) for i in range(size.second_places)]
        links += [
            (size.placed + size.placeless + n, public + n) for n in range(size.hidden)
        ]
        yield (
            "layers_location",
            "id, created_at, updated_at, source, source_id, licence, is_demo,"
            " municipality_id, location_type, names, address, city, postal_code, region,"
            " country, point, precision, visibility, transportation",
            self._locations(public),
        )
        yield (
            "layers_serviceatlocation",
            "id, created_at, updated_at, service_id, location_id, description",
            (
                (
                    key,
                    MADE_AT,
                    MADE_AT,
                    self.services[service],
                    self.locations[place],
                    "{}",
                )
                for key, (service, place) in zip(self.pairs, links, strict=True)
            ),
        )

    def _locations(self, public: int) -> Iterator[Row]:
        points = shapely.to_wkb(
            shapely.set_srid(shapely.points(self.city.places), 4326),
            hex=True,
            include_srid=True,
        )
        precision = self.rng.choice(["rooftop", "street"], len(self.locations))
        for n, key in enumerate(self.locations):
            visibility = "hidden" if n >= public else "public"
            if n % 100 == 7 and n < public:
                visibility = "district_only"
            street = {"el": f"Οδός {n % 977} {n % 90}", "en": f"Street {n % 977} {n % 90}"}  # fmt: skip
            yield (
                key, MADE_AT, MADE_AT, "bench", f"l{n}", "CC0-1.0", False,
                self.municipality, "physical", "{}", _text(street),
                _text({"el": "Αθήνα", "en": "Athens"}), f"1{n % 10_000:04d}", "", "GR",
                points[n], str(precision[n]), visibility, "{}",
            )  # fmt: skip

    def _demand(self) -> Iterator[Row]:
        points = shapely.to_wkb(
            shapely.set_srid(shapely.points(self.city.demand), 4326),
            hex=True,
            include_srid=True,
        )
        for n, people in enumerate(self.city.people.tolist()):
            groups = _text({"refugees-migrants": round(people / 10, 3)})
            yield (
                self.municipality, points[n], people, groups, "bench", f"d{n}", "",
                2021, "modelled", "",
            )  # fmt: skip


def _text(value: dict[str, Any]) -> str:
    return orjson.dumps(value).decode()


def _geometry(shape: shapely.Geometry) -> str:
    return str(
        shapely.to_wkb(shapely.set_srid(shape, 4326), hex=True, include_srid=True)
    )
