"""What a browser may do on our pages: nothing from other hosts, no inline script.

The policy is sent with every answer that has none of its own. Inline blocks (the import
map) carry the request's nonce.
"""

import secrets
from collections.abc import Callable
from urllib.parse import urlsplit

from django.conf import settings
from django.http import HttpRequest, HttpResponseBase

PERMISSIONS = "geolocation=(self), camera=(), microphone=(), payment=(), usb=()"
"""The position is asked of the browser by one button of ours and by nobody else."""


def content_security_policy(nonce: str, *, tiles: str = "") -> str:
    """Return the Content-Security-Policy header.

    Parameters
    ----------
    nonce : str
        Inline scripts and styles that carry it are ours.
    tiles : str
        URL template of the base map that the deployment chose (BASEMAP_TILES), empty
        for none: its host is the only one besides ours that a page may ask.
    """
    host = tile_host(tiles)
    other = f" {host}" if host else ""
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
            "frame-ancestors 'none'",
        )
    )


def tile_host(template: str) -> str:
    """Return scheme and host of a tile URL template, empty when it is our own."""
    parts = urlsplit(template)
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
            content_security_policy(nonce, tiles=settings.BASEMAP_TILES),
        )
        response.headers.setdefault("Permissions-Policy", PERMISSIONS)
        response.headers.setdefault("Referrer-Policy", "same-origin")
        return response
