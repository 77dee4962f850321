"""What readers may report, as the forms and the API take it."""

from typing import Any
from unicodedata import category
from uuid import UUID

from layers.directory.reports import TEXT_LIMIT, FeedbackReport, MissingService
from layers.errors import InvalidParameter
from layers.models.moderation import FeedbackKind
from layers.params.kinds import Choice, Code, Kind, Uuid
from layers.params.languages import LANGUAGES
from layers.params.reading import Parameter, Parameters


class Prose(Kind):
    """Free text of several lines."""

    def __init__(self, longest: int) -> None:
        """Keep the longest length in characters."""
        self.longest = longest
        super().__init__(
            f"at most {longest} characters, no control characters but line breaks and tabs",
            {"type": "string", "maxLength": longest},
        )

    def from_text(self, name: str, raw: str) -> str:
        """Return the text with line breaks of one kind and no blanks around it."""
        text = raw.replace("\r\n", "\n").replace("\r", "\n")
        is_clean = all(category(c) != "Cc" or c in "\n\t" for c in text)
        if len(text) > self.longest or not is_clean:
            raise InvalidParameter(name, f"{len(text)} characters", self.allowed)
        return text.strip()


_WARNING = "Write nothing that tells of a person: no names, numbers or documents."

_SERVICE = Parameter("service", Uuid(), "Id of the service.", required=True)
_TEXT = Parameter("text", Prose(TEXT_LIMIT), f"In your words. {_WARNING}", default="")

FEEDBACK_FORM = Parameters(
    Parameter("kind", Choice(FeedbackKind.values), "What is wrong.", required=True),
    _TEXT,
)
"""What the form asks; the address of its page says the rest."""

FEEDBACK = (
    Parameters(_SERVICE)
    + FEEDBACK_FORM
    + Parameters(
        Parameter("language", Choice(LANGUAGES), "Language of the text.", default="")
    )
)

REQUEST_FORM = Parameters(
    Parameter("category", Code(), "Slug of a category.", required=True),
    Parameter("district", Code(), "Code of the district where it is missing."),
    Parameter("language", Code(), "Language in which it should be given (ISO 639)."),
    _TEXT,
)

REQUEST = (
    Parameters(
        Parameter("municipality", Code(), "Slug of the municipality.", required=True)
    )
    + REQUEST_FORM
)


def feedback_of(
    values: dict[str, Any], *, service_id: UUID, language: str
) -> FeedbackReport:
    """Return the report that values of FEEDBACK_FORM make."""
    return FeedbackReport(service_id, values["kind"], values["text"], language)


def request_of(values: dict[str, Any], *, municipality: str) -> MissingService:
    """Return the request that values of REQUEST_FORM make."""
    return MissingService(
        municipality=municipality,
        category=values["category"],
        district=values["district"] or "",
        language=values["language"] or "",
        text=values["text"],
    )
