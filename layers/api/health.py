"""Is the process alive, and can it answer."""

from dataclasses import asdict

from django.http import HttpRequest, HttpResponse, JsonResponse

from layers.errors import Unavailable
from layers.jobs.health import queue_health
from layers.published.connection import read_one


def healthz(_request: HttpRequest) -> HttpResponse:
    """Answer 200 as long as the process can answer at all; asks no database."""
    return HttpResponse("ok\n", content_type="text/plain; charset=utf-8")


def readyz(_request: HttpRequest) -> HttpResponse:
    """Answer 200 when the public reader can read, else 503.

    It says whether a worker is there, too; without one this process is no less ready.
    """
    try:
        read_one("SELECT count(*) FROM published.data_version")
    except Unavailable as fault:
        answer = JsonResponse({"ready": False, "reason": fault.detail}, status=503)
        answer["Retry-After"] = "5"
        return answer
    queue = queue_health()
    return JsonResponse(
        {"ready": True, "worker": None if queue is None else asdict(queue)}
    )
