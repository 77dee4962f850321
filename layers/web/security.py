"""What a browser may do on our pages: nothing from other hosts, no inline script.

The policy is sent with every answer that has none of its own. Inline blocks (the import
map) carry the request's nonce.
"""

import secrets
from collections.abc import Callable, Sequence
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.http import HttpRequest, HttpResponseBase

PERMISSIONS = "geolocation=(self), camera=(), microphone=(), payment=(), usb=()"
"""The position is asked of the browser by one button of ours and by nobody else."""

_NOBODY = "'none'"


def content_security_policy(
    nonce: str, *, hosts: Sequence[str] = (), framed_by: Sequence[str] = ()
) -> str:
    """Return the Content-Security-Policy header.

    Parameters
    ----------
    nonce : str
        Inline scripts and styles that carry it are ours.
    hosts : sequence of str
        Origins of the base map that the deployment chose (`basemap_hosts`): the only
        ones besides ours that a page may ask, for pictures and data and nothing else.
    framed_by : sequence of str
        Sources whose pages may hold this one in a frame; none by default.
    """
    other = "".join(f" {host}" for host in hosts)
    return "; ".join(
        (
            "default-src 'self'",
            f"script-src 'self' 'nonce-{nonce}'",
            f"style-src 'self' 'nonce-{nonce}'",
            f"img-src 'self' data:{other}",
            "font-src 'self'",
            f"connect-src 'self'{other}",
            "worker-src 'self'",
            "object-src 'none'",
            "base-uri 'none'",
            "form-action 'self'",
            f"frame-ancestors {' '.join(framed_by) or _NOBODY}",
        )
    )


def basemap_hosts(chosen: Any) -> list[str]:
    """Return the origins that the base map is fetched from; none by default.

    Parameters
    ----------
    chosen : settings
        With BASEMAP_TILES, BASEMAP_STYLE, BASEMAP_PMTILES (at most one is set) and
        BASEMAP_HOSTS, the further origins that a style names.
    """
    addresses = (chosen.BASEMAP_TILES, chosen.BASEMAP_STYLE, chosen.BASEMAP_PMTILES)
    found = [*(origin(address) for address in addresses), *chosen.BASEMAP_HOSTS]
    return list(dict.fromkeys(filter(None, found)))


def origin(address: str) -> str:
    """Return scheme and host of an address or template, empty when it is our own.

    Examples
    --------
    >>> origin("https://tiles.example.org/{z}/{x}/{y}.png"), origin("/static/a.pmtiles")
    ('https://tiles.example.org', '')
    """
    parts = urlsplit(address)
    return f"{parts.scheme}://{parts.netloc}" if parts.netloc else ""


class SecurityHeaders:
    """Middleware: `request.csp_nonce` going in, the headers coming out."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Answer the request, with a policy made for it alone."""
        nonce = secrets.token_urlsafe(16)
        request.csp_nonce = nonce  # type: ignore[attr-defined]
        response = self.get_response(request)
        response.headers.setdefault(
            "Content-Security-Policy",
            content_security_policy(nonce, hosts=basemap_hosts(settings)),
        )
        response.headers.setdefault("Permissions-Policy", PERMISSIONS)
        response.headers.setdefault("Referrer-Policy", "same-origin")
        return response
