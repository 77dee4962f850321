"""`/api/v1/scenarios`: what if; stored scenarios, and several of them side by side."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

import orjson
from django.conf import settings
from django.utils import timezone

from layers.analysis import scenario_store
from layers.analysis.scenario_changes import Changes
from layers.analysis.scenario_rows import ScenarioRow
from layers.analysis.scenario_states import States, compare_states
from layers.analysis.scenario_store import StoredScenario
from layers.analysis.scenarios import METHOD
from layers.answers.answer import JSON, Answer
from layers.answers.senders import sender_of
from layers.api.metadata import metadata
from layers.api.openapi import Operation, Reply
from layers.api.scenario_items import (
    Labels,
    base_of_answer,
    capacity_notes,
    classes,
)
from layers.api.scenario_schemas import (
    ANSWER,
    COMPARISON,
    LIST,
    STORED,
)
from layers.api.views import Asked, Resource
from layers.directory.report_limits import admit
from layers.errors import InvalidParameter, NotFound
from layers.params.languages import LANG
from layers.params.reading import Parameters
from layers.params.scenarios import (
    COMPARED,
    RESULT,
    SCENARIO_LIST,
    SCENARIOS,
    ScenarioQuestion,
    changes_of,
    scenario_question,
    states_of,
)

TOKEN = "Scenario-Token"  # noqa: S105 (the name of a header)


_ASK = Operation(
    "What if places closed, opened, moved, or had other hours or room",
    "Rows for each category that the changes concern, its parents, and the committees. "
    "With `names` the changes are stored, and `stored` holds the id and a token to delete "
    "them with, which is shown once; otherwise nothing is kept. Only active public service "
    "points that people walk to can be named; every other id is refused alike. What would "
    "show a very small number of people, on either side or as the difference, is "
    "withheld: null with `is_suppressed`.",
    SCENARIOS,
    Reply({JSON: ANSWER}, limited=True),
)
_DELETE = Operation(
    "Delete a stored scenario",
    "Only with the token that was given when it was stored.",
    Parameters(LANG),
    Reply({}, "It is deleted.", "204"),
    headers={TOKEN: "The token that was given when the scenario was stored."},
)


class Scenarios(Resource):
    """Scenarios that somebody stored, those used last first.

    One that nobody asks for is deleted after a while (`expires_at`); to be listed is no
    use.
    """

    parameters = SCENARIO_LIST
    is_kept = False
    summary = "Stored scenarios"
    tag = "analysis"
    operations = {"POST": _ASK}
    reply = Reply({JSON: LIST})

    def get(self, asked: Asked) -> Answer:
        """Return the stored scenarios."""
        municipality = asked.values["municipality"] or settings.DEFAULT_MUNICIPALITY
        kept = scenario_store.stored_scenarios(
            municipality, limit=asked.values["limit"]
        )
        said = {
            "numberReturned": len(kept),
            **metadata(asked.lang, municipality=(municipality,)),
            "items": [_stored(one, asked.lang) for one in kept],
        }
        return Answer(orjson.dumps(said), asked.media_type, asked.lang)

    def post(self, asked: Asked) -> Answer:
        """Return the comparison, and store its changes where they have a name."""
        values = asked.values
        question = scenario_question(values)
        changes = changes_of(values)
        found = _compared(question, [changes])
        said = _result(found, question, asked.lang)
        if values["names"] is not None:
            admit(sender_of(asked.request), timezone.now())
            kept, token = scenario_store.store(
                question.parameters.municipality, values["names"], changes
            )
            said["stored"] = {**_stored(kept, asked.lang), "token": token}
        return Answer(orjson.dumps(said), asked.media_type, asked.lang)


class Scenario(Resource):
    """A stored scenario: its names and changes.

    Changes of service points that are public no more are left out and counted in
    `n_gone`.
    """

    is_kept = False
    summary = "A stored scenario"
    tag = "analysis"
    operations = {"DELETE": _DELETE}
    reply = Reply({JSON: STORED})

    def get(self, asked: Asked) -> Answer:
        """Return the scenario."""
        kept = scenario_store.stored_scenario(asked.uuid("scenario"))
        said = orjson.dumps(_stored(kept, asked.lang))
        return Answer(said, asked.media_type, asked.lang)

    def delete(self, asked: Asked) -> Answer:
        """Delete the scenario."""
        token = asked.request.headers.get(TOKEN, "")
        scenario_store.delete(asked.uuid("scenario"), token)
        return Answer(b"", status=204)


class ScenarioResult(Resource):
    """What a stored scenario would change today, for whoever and however far one asks.

    It is made of the data of today, whenever the scenario was stored.
    """

    parameters = RESULT
    is_kept = False
    summary = "What a stored scenario would change"
    tag = "analysis"
    reply = Reply({JSON: ANSWER})

    def get(self, asked: Asked) -> Answer:
        """Return the comparison."""
        id_ = asked.uuid("scenario")
        kept = scenario_store.stored_scenario(id_, is_use=True)
        values = {
            **asked.values,
            "municipality": asked.values["municipality"] or kept.municipality,
        }
        question = scenario_question(values)
        _check_city(kept, question)
        found = _compared(question, [_changes(kept, id_)])
        said = _result(found, question, asked.lang)
        said["stored"] = _stored(kept, asked.lang)
        return Answer(orjson.dumps(said), asked.media_type, asked.lang)


class ComparedScenarios(Resource):
    """Today and up to four scenarios side by side, by district and population group.

    Each row has today and, in the order given, every scenario against today. All states
    use the same classes and withhold the same rows, so that their maps may be compared.
    """

    parameters = COMPARED
    is_kept = False
    summary = "Compare several scenarios"
    tag = "analysis"
    reply = Reply({JSON: COMPARISON})

    def post(self, asked: Asked) -> Answer:
        """Return the comparison."""
        question = scenario_question(asked.values)

        def stored(id_: UUID) -> Changes:
            kept = scenario_store.stored_scenario(id_, is_use=True)
            _check_city(kept, question)
            return _changes(kept, id_)

        found = _compared(question, states_of(asked.values, stored))
        labels = Labels(found.base, question.kinds, asked.lang)

        def rows(of: Sequence[Sequence[ScenarioRow]]) -> list[dict[str, Any]]:
            return [labels.row_of_states(same) for same in zip(*of, strict=True)]

        said = {
            "numberReturned": len(found.rows[0]),
            **_shared(found, asked.lang),
            "scenarios": [one.as_dict() for one in found.scenarios],
            "items": rows(found.rows),
            "groups": _groups(
                found, {group: rows(of) for group, of in found.groups.items()}
            ),
        }
        return Answer(orjson.dumps(said), asked.media_type, asked.lang)


def _compared(question: ScenarioQuestion, scenarios: Sequence[Changes]) -> States:
    return compare_states(
        question.parameters,
        scenarios,
        kinds=question.kinds,
        groups=question.groups,
    )


def _check_city(kept: StoredScenario, question: ScenarioQuestion) -> None:
    if kept.municipality != question.parameters.municipality:
        raise InvalidParameter(
            "municipality", question.parameters.municipality, kept.municipality
        )


def _changes(kept: StoredScenario, id_: UUID) -> Changes:
    if kept.changes is None:
        raise NotFound("change left of scenario", id_)
    return kept.changes


def _result(found: States, question: ScenarioQuestion, lang: str) -> dict[str, Any]:
    labels = Labels(found.base, question.kinds, lang)
    items = [labels.row(row) for row in found.rows[0]]
    groups = {
        group: [labels.row(row) for row in rows[0]]
        for group, rows in found.groups.items()
    }
    return {
        "numberReturned": len(items),
        **_shared(found, lang),
        "changes": found.scenarios[0].as_dict(),
        "items": items,
        "groups": _groups(found, groups),
    }


def _shared(found: States, lang: str) -> dict[str, Any]:
    municipality = found.base.parameters.municipality
    return {
        "method": METHOD,
        "base": base_of_answer(found.base),
        "classes": classes(),
        "capacity": capacity_notes(found),
        **metadata(lang, municipality=(municipality,)),
    }


def _groups(found: States, rows: dict[str, Any]) -> list[dict[str, Any]]:
    known = [
        {"group": group, "is_known": True, "items": items}
        for group, items in rows.items()
    ]
    return known + [
        {"group": group, "is_known": False, "items": []}
        for group in found.unknown_groups
    ]


def _stored(kept: StoredScenario, lang: str) -> dict[str, Any]:
    order = (lang, "en", "el", *kept.names)
    name_lang = next(code for code in order if code in kept.names)
    return {
        "id": kept.id,
        "municipality": kept.municipality,
        "names": dict(kept.names),
        "name": kept.names[name_lang],
        "name_lang": name_lang,
        "created_at": kept.created_at,
        "last_used_at": kept.last_used_at,
        "expires_at": kept.expires_at,
        "changes": None if kept.changes is None else kept.changes.as_dict(),
        "n_gone": kept.n_gone,
    }
