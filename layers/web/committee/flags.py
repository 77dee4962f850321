"""What the flags of a figure mean, in words for the reader of a page."""

from collections.abc import Iterable

from django.utils.translation import gettext_lazy as _

WORDS = {
    "NO_NETWORK": _("Straight lines with a detour, not streets"),
    "NO_SLOPE": _("Streets as if all were level"),
    "SNAP": _("Some residents live far from any street on the map"),
    "LOCAL_DETOUR": _(
        "Some residents live where a railway, a road or a hill makes walks much longer"
    ),
    "POP_MODELLED": _("Residents are modelled, not counted"),
    "POP_AGE": _("Residents were counted or modelled more than five years ago"),
    "GROUP_POP_UNKNOWN": _(
        "Nobody knows where people of this group live: all residents stand for them"
    ),
    "HOURS_UNKNOWN": _("Some of the nearest places have no opening hours on record"),
    "UNVERIFIED": _("Some of the nearest places were not verified for a year"),
    "GEOCODE_APPROX": _("Some places are located only roughly"),
    "ELIGIBILITY_UNKNOWN": _(
        "Places are nearer of which it is not known whether they may be used: they do not "
        "count"
    ),
    "EDGE": _("Near the border: places beyond it are not loaded and might serve here"),
    "NO_STANDARD": _("Nobody set how many places are enough"),
    "CAPACITY_UNKNOWN": _("Too few services say how many people they can take"),
    "CAPACITY_IMPUTED": _("How many people some services can take is estimated"),
    "CAPACITY_SHARED": _("Places are shared with people of other groups"),
    "NEED_UNKNOWN": _("The need here is not known: figures for the index are missing"),
    "WITHOUT_PLACE": _(
        "Services without a place serve here, too; distances do not know them"
    ),
    "PROTECTED_EXCLUDED": _("Protected places are counted, but in no distance"),
    "SMALL_N": _("Few residents: the share moves much with a few people"),
    "PART_SUPPRESSED": _(
        "Some figures are withheld: so few people that they could be recognised"
    ),
    "SUPPRESSED": _("Withheld: so few people that they could be recognised"),
}


def words_of(flags: Iterable[str]) -> list[str]:
    """Return the words of flags, in their order; a flag without words stands for itself."""
    return [str(WORDS[flag]) if flag in WORDS else flag for flag in flags]
