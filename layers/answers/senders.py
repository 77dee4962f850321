"""Who sent a request, as far as limits need to know; nothing of it is stored as it is."""

from ipaddress import IPv6Address, ip_address, ip_network

from django.conf import settings
from django.http import HttpRequest

UNKNOWN = "unknown"
"""Senders whose address cannot be read share one limit."""

HOUSEHOLD_BITS = 64
"""A household has so much of IPv6 to itself; limits per address would be none."""


def sender_of(request: HttpRequest) -> str:
    """Return the network address that a request came from; of IPv6 the network of /64.

    With TRUSTED_PROXIES it is what the outermost of them saw; what a sender writes
    into `X-Forwarded-For` itself stands further to the left and counts for nothing.
    """
    address = request.META.get("REMOTE_ADDR", "")
    if settings.TRUSTED_PROXIES:
        hops = request.headers.get("X-Forwarded-For", "").split(",")
        address = hops[-min(settings.TRUSTED_PROXIES, len(hops))].strip() or address
    try:
        read = ip_address(address)
    except ValueError:
        return UNKNOWN
    if not isinstance(read, IPv6Address):
        return str(read)
    if read.ipv4_mapped is not None:
        return str(read.ipv4_mapped)
    return str(ip_network(f"{read}/{HOUSEHOLD_BITS}", strict=False))
