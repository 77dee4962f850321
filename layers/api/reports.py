"""`POST /api/v1/feedback` and `/service-requests`: what readers report, never to be read back."""

from typing import Any

import orjson
from django.utils import timezone

from layers.answers.answer import JSON, Answer
from layers.answers.senders import sender_of
from layers.api.openapi import Reply
from layers.api.views import Asked, Resource
from layers.directory.report_limits import admit
from layers.directory.reports import report_error, request_service
from layers.params.reports import FEEDBACK, REQUEST, feedback_of, request_of

_RECEIVED: dict[str, Any] = {
    "type": "object",
    "required": ["state"],
    "properties": {"state": {"type": "string", "enum": ["received"]}},
}
_REPLY = Reply(
    {JSON: _RECEIVED}, "It was stored, for an editor to read.", "202", limited=True
)


def _received() -> Answer:
    return Answer(orjson.dumps({"state": "received"}), JSON, status=202)


class FeedbackReports(Resource):
    """Say what is wrong with the record of a service.

    Nothing about the sender is asked or stored; what was sent cannot be read here.
    """

    parameters = FEEDBACK
    summary = "Report an error"
    tag = "reports"
    reply = _REPLY

    def post(self, asked: Asked) -> Answer:
        """Store the report."""
        values = asked.values
        report = feedback_of(
            values, service_id=values["service"], language=values["language"]
        )
        admit(sender_of(asked.request), timezone.now())
        report_error(report)
        return _received()


class ServiceRequests(Resource):
    """Say which kind of service is missing, and where.

    Nothing about the sender is asked or stored; what was sent cannot be read here.
    """

    parameters = REQUEST
    summary = "Request a missing service"
    tag = "reports"
    reply = _REPLY

    def post(self, asked: Asked) -> Answer:
        """Store the request."""
        wanted = request_of(asked.values, municipality=asked.values["municipality"])
        admit(sender_of(asked.request), timezone.now())
        request_service(wanted)
        return _received()
