"""Names of weekdays and months, in the spellings that people use in a spreadsheet."""

import unicodedata

WEEKDAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")

_DAY_NAMES = {
    "MO": "mo mon monday δε δευ δευτερα lu lundi",
    "TU": "tu tue tues tuesday τρ τρι τριτη ma mardi",
    "WE": "we wed wednesday τε τετ τεταρτη me mercredi",
    "TH": "th thu thur thurs thursday πε πεμ πεμπτη je jeudi",
    "FR": "fr fri friday πα παρ παρασκευη ve vendredi",
    "SA": "sa sat saturday σα σαβ σαββατο samedi",
    "SU": "su sun sunday κυ κυρ κυριακη di dimanche",
}
_MONTH_NAMES = (
    "jan january ιαν ιανουαριος",
    "feb february φεβ φεβρουαριος",
    "mar march μαρ μαρτιος",
    "apr april απρ απριλιος",
    "may μαι μαιος",
    "jun june ιουν ιουνιος",
    "jul july ιουλ ιουλιος",
    "aug august αυγ αυγουστος",
    "sep sept september σεπ σεπτεμβριος",
    "oct october οκτ οκτωβριος",
    "nov november νοε νοεμβριος",
    "dec december δεκ δεκεμβριος",
)


def folded(text: str) -> str:
    """Return the text in small letters without accents, one character for each.

    Positions stay what they were, so that an error can point into the original.
    """
    plain = []
    for character in text:
        base = unicodedata.normalize("NFD", character)[0].lower()
        plain.append("σ" if base == "ς" else base[0])
    return "".join(plain)


DAYS = {
    folded(name): code for code, names in _DAY_NAMES.items() for name in names.split()
}
MONTHS = {
    folded(name): number
    for number, names in enumerate(_MONTH_NAMES, start=1)
    for name in names.split()
}
HOLIDAYS = frozenset(folded(w) for w in ("ph", "αργίες", "αργία", "holidays"))
CLOSED = frozenset(folded(w) for w in ("off", "closed", "κλειστά", "κλειστό", "ferme"))
OPEN = frozenset(folded(w) for w in ("open", "ανοιχτά", "ανοικτά", "ανοιχτό"))
TO = frozenset(folded(w) for w in ("to", "έως", "ως", "μέχρι"))
APPOINTMENT = tuple(
    folded(phrase)
    for phrase in (
        "by appointment only",
        "by appointment",
        "on appointment",
        "appointment only",
        "κατόπιν ραντεβού",
        "με ραντεβού",
        "sur rendez-vous",
    )
)
