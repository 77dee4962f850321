"""The words that a table of services may use: terms, districts, languages."""

from dataclasses import dataclass
from typing import Self

from layers.errors import InvalidRecord
from layers.ingest.fields import unknown_among
from layers.models import District, Municipality, TaxonomyTerm
from layers.models.service_details import LanguageMode
from layers.models.taxonomy import TaxonomyKind

ISO_639_1 = frozenset(
    """aa ab ae af ak am an ar as av ay az ba be bg bi bm bn bo br bs ca ce ch co cr cs cu
    cv cy da de dv dz ee el en eo es et eu fa ff fi fj fo fr fy ga gd gl gn gu gv ha he hi
    ho hr ht hu hy hz ia id ie ig ii ik io is it iu ja jv ka kg ki kj kk kl km kn ko kr ks
    ku kv kw ky la lb lg li ln lo lt lu lv mg mh mi mk ml mn mr ms mt my na nb nd ne ng nl
    nn no nr nv ny oc oj om or os pa pi pl ps pt qu rm rn ro ru rw sa sc sd se sg si sk sl
    sm sn so sq sr ss st su sv sw ta te tg th ti tk tl tn to tr ts tt tw ty ug uk ur uz ve
    vi vo wa wo xh yi yo za zh zu""".split()  # noqa: SIM905 (a word list reads better)
)
"""The two-letter codes of languages (ISO 639-1)."""

CONFUSED = {"gr": "el", "gre": "el", "ua": "uk", "cz": "cs", "al": "sq", "ir": "fa"}
"""Country codes and old codes that people write for a language."""


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """Slugs and codes that are stored, of one municipality."""

    categories: frozenset[str]
    leaves: frozenset[str]
    groups: frozenset[str]
    districts: frozenset[str]

    @classmethod
    def of(cls, municipality: Municipality) -> Self:
        """Load the vocabulary."""
        terms = TaxonomyTerm.objects.filter(taxonomy__slug=TaxonomyKind.CATEGORY)
        groups = TaxonomyTerm.objects.filter(
            taxonomy__slug=TaxonomyKind.POPULATION_GROUP
        )
        districts = District.objects.filter(municipality=municipality, valid_to=None)
        return cls(
            categories=frozenset(terms.values_list("slug", flat=True)),
            leaves=frozenset(
                terms.filter(children=None).values_list("slug", flat=True)
            ),
            groups=frozenset(groups.values_list("slug", flat=True)),
            districts=frozenset(districts.values_list("code", flat=True)),
        )

    def category(self, slug: str) -> str:
        """Return a leaf of the category tree, or raise InvalidRecord."""
        if slug in self.leaves:
            return slug
        if slug in self.categories:
            raise InvalidRecord("categories", slug, "too wide; give one of its leaves")
        raise InvalidRecord("categories", slug, unknown_among(slug, self.leaves))

    def group(self, slug: str) -> str:
        """Return a population group, or raise InvalidRecord."""
        if slug in self.groups:
            return slug
        raise InvalidRecord("groups", slug, unknown_among(slug, self.groups))

    def district(self, code: str, field: str) -> str:
        """Return the code of a district, or raise InvalidRecord."""
        if code in self.districts:
            return code
        raise InvalidRecord(field, code, unknown_among(code, self.districts))


def language(text: str) -> tuple[str, str]:
    """Return code and mode of a language: `fa` or `fa:interpreter`.

    Raises
    ------
    InvalidRecord
        No code of ISO 639 (two letters, or three), or an unknown mode.
    """
    code, _, mode = (part.strip().lower() for part in text.partition(":"))
    if code in CONFUSED:
        raise InvalidRecord(
            "languages", text, f"not a language; did you mean {CONFUSED[code]}?"
        )
    if code not in ISO_639_1 and not (
        len(code) == 3 and code.isascii() and code.isalpha()
    ):
        raise InvalidRecord(
            "languages", text, "not a code of ISO 639, such as el or prs"
        )
    mode = mode or LanguageMode.STAFF.value
    if mode not in LanguageMode.values:
        raise InvalidRecord(
            "languages", text, f"mode: {unknown_among(mode, LanguageMode.values)}"
        )
    return code, mode
