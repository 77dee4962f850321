"""The parameters by which activities and open calls are chosen, for pages and the API."""

from layers.models.activity import CallKind
from layers.params.kinds import Choice, Code, Whole
from layers.params.reading import Parameter, Parameters

ACTIVITY_FILTERS = Parameters(
    Parameter("category", Code(), "Slug of a category: of it or of one below it."),
    Parameter("district", Code(), "Code of a district of any level."),
    Parameter(
        "within_days", Whole(1, 366), "Happens next in so many days, the last included."
    ),
)
CALL_FILTERS = Parameters(
    Parameter("kind", Choice(CallKind.values), "Whether it offers or needs something."),
    Parameter("committee", Code(), "Slug of a working committee."),
)
