"""Taxonomy files as read: terms in a tree, with every fault said."""

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeGuard

from layers.errors import UnreadableFile, shown
from layers.ingest.report import Report
from layers.models.taxonomy import TaxonomyKind, TermRelation

MAX_BYTES = 5_000_000
"""Larger than any taxonomy; a file above it is refused unread."""

LINKS = {
    "committees": (TermRelation.CATEGORY_COMMITTEE, TaxonomyKind.COMMITTEE),
    "sector_4w": (TermRelation.CATEGORY_SECTOR, TaxonomyKind.SECTOR_4W),
}
"""Keys that link a category, with the relation and the taxonomy linked to."""

NEEDED_LANGUAGES = ("el", "en")

_TERM_KEYS = {"slug", "parent", "order", "names", "descriptions", "icon"}
_KEYS = {
    TaxonomyKind.COMMITTEE: _TERM_KEYS,
    TaxonomyKind.POPULATION_GROUP: _TERM_KEYS,
    TaxonomyKind.SECTOR_4W: _TERM_KEYS | {"crosswalk"},
    TaxonomyKind.CATEGORY: _TERM_KEYS | set(LINKS),
}
_SLUG = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
_LANGUAGE = re.compile(r"[a-z]{2,3}")

Fault = tuple[str, object, str]
"""Key, value and reason of one thing wrong with a term."""


@dataclass(frozen=True, slots=True)
class Term:
    """A term as read; `path` holds the slugs from its root to itself."""

    row: int
    slug: str
    names: Mapping[str, str]
    descriptions: Mapping[str, str]
    path: tuple[str, ...]
    icon: str
    links: Mapping[TermRelation, tuple[str, ...]]


@dataclass(slots=True)
class TermFile:
    """The good terms of one file by slug, and the report that the faults went into."""

    kind: TaxonomyKind
    names: Mapping[str, str]
    report: Report
    terms: dict[str, Term] = field(default_factory=dict)


def read_terms(path: Path, kind: TaxonomyKind) -> TermFile:
    """Return the terms of a file; faults of single terms are in its report.

    Raises
    ------
    UnreadableFile
        The file is missing, too large, not JSON in UTF-8, or not a taxonomy of `kind`.
    """
    content = _parsed(path)
    if content.get("taxonomy") != kind:
        given = shown(content.get("taxonomy"))
        raise UnreadableFile(f"{path.name}: taxonomy {given!r} is not {str(kind)!r}")
    names, records = content.get("names"), content.get("terms")
    if not _is_language_map(names) or not isinstance(records, list):
        raise UnreadableFile(
            f"{path.name}: 'names' by language and a list 'terms' are needed"
        )
    report = Report(
        what=f"terms of {kind}", file=path.name, municipality="all municipalities"
    )
    found = TermFile(kind, names, report)
    for row, record in enumerate(records, 1):
        report.read += 1
        faults = list(_faults(record, found))
        for column, value, reason in faults:
            report.refuse(row, column, value, reason)
        if not faults:
            term = _term(row, record, found.terms)
            found.terms[term.slug] = term
    return found


def check_links(found: TermFile, files: Mapping[TaxonomyKind, TermFile]) -> None:
    """Refuse links to terms that are not there, and leaf categories of no committee."""
    if found.kind != TaxonomyKind.CATEGORY:
        return
    parents = {slug for term in found.terms.values() for slug in term.path[:-1]}
    for term in found.terms.values():
        for key, (relation, kind) in LINKS.items():
            for slug in term.links[relation]:
                if slug not in files[kind].terms:
                    found.report.refuse(term.row, key, slug, f"not a slug of {kind}")
        if term.slug not in parents and not term.links[TermRelation.CATEGORY_COMMITTEE]:
            found.report.refuse(
                term.row, "committees", term.slug, "a leaf needs a committee"
            )


def _parsed(path: Path) -> dict[str, Any]:
    try:
        if path.stat().st_size > MAX_BYTES:
            raise UnreadableFile(f"{path.name}: larger than {MAX_BYTES:,} bytes")
        content = json.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise UnreadableFile(
            f"{path.name}: cannot be read ({error.strerror})"
        ) from error
    except (ValueError, RecursionError) as error:
        raise UnreadableFile(f"{path.name}: not JSON in UTF-8 ({error})") from error
    if not isinstance(content, dict):
        raise UnreadableFile(f"{path.name}: a JSON object is needed")
    return content


def _faults(record: object, found: TermFile) -> Iterable[Fault]:
    """Yield what is wrong with a term by itself, given the terms before it."""
    if not isinstance(record, dict):
        yield "", record, "a term is a JSON object"
        return
    known = _KEYS[found.kind]
    for key in sorted(set(record) - known):
        yield (
            key,
            record[key],
            f"not a key of such a term; known: {', '.join(sorted(known))}",
        )
    yield from _place_faults(record.get("slug"), record.get("parent"), found.terms)
    yield from _name_faults(record.get("names"))
    if not _is_language_map(record.get("descriptions", {"en": "-"})):
        yield "descriptions", record["descriptions"], _MAP
    icon = record.get("icon", {})
    if not isinstance(icon, dict) or not all(
        key in ("shape", "letter") and isinstance(part, str) and 0 < len(part) <= 20
        for key, part in icon.items()
    ):
        yield (
            "icon",
            icon,
            "an object with 'shape' and 'letter', up to 20 characters each",
        )
    for key in LINKS:
        if not all(isinstance(slug, str) for slug in _listed(record.get(key))):
            yield key, record[key], "a slug or a list of slugs"


def _place_faults(
    slug: object, parent: object, earlier: Mapping[str, Term]
) -> Iterable[Fault]:
    if not isinstance(slug, str) or len(slug) > 60 or not _SLUG.fullmatch(slug):
        yield "slug", slug, "up to 60 lower-case letters, digits and single hyphens"
    elif slug in earlier:
        yield "slug", slug, f"given before, in row {earlier[slug].row}"
    if parent is not None and (not isinstance(parent, str) or parent not in earlier):
        yield "parent", parent, "not the slug of a term above it in the file"


_MAP = "an object of language codes and texts, none empty"


def _name_faults(names: object) -> Iterable[Fault]:
    if not _is_language_map(names):
        yield "names", names, _MAP
        return
    missing = [code for code in NEEDED_LANGUAGES if code not in names]
    if missing:
        yield "names", names, f"{' and '.join(missing)} missing"


def _is_language_map(value: object) -> TypeGuard[dict[str, str]]:
    return (
        isinstance(value, dict)
        and bool(value)
        and all(_LANGUAGE.fullmatch(code) for code in value)
        and all(isinstance(text, str) and text.strip() for text in value.values())
    )


def _listed(value: object) -> list[Any]:
    if value is None:
        return []
    return value if isinstance(value, list) else [value]


def _term(row: int, record: Mapping[str, Any], earlier: Mapping[str, Term]) -> Term:
    parent, icon = record.get("parent"), record.get("icon", {})
    return Term(
        row=row,
        slug=record["slug"],
        names=record["names"],
        descriptions=record.get("descriptions", {}),
        path=(*(earlier[parent].path if parent else ()), record["slug"]),
        icon=":".join(icon[key] for key in ("shape", "letter") if key in icon),
        links={rel: tuple(_listed(record.get(key))) for key, (rel, _) in LINKS.items()},
    )
