"""The icon under the address at which browsers look for one that no page named."""

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.templatetags.static import static
from django.views.decorators.http import require_safe


@require_safe
def icon(_request: HttpRequest) -> HttpResponse:
    """Lead to the icon that the pages use."""
    return HttpResponseRedirect(static("web/icon.svg"))
