"""What counts as one sender, and that nobody can pass for another by a header."""

from typing import Any

import pytest
from django.test import RequestFactory

from layers.answers.senders import UNKNOWN, sender_of


def sender(peer: str, forwarded: str | None = None) -> str:
    headers = {} if forwarded is None else {"HTTP_X_FORWARDED_FOR": forwarded}
    return sender_of(RequestFactory().post("/", REMOTE_ADDR=peer, **headers))


def test_without_proxies_the_header_counts_for_nothing(
    settings: Any,
) -> None:
    settings.TRUSTED_PROXIES = 0
    assert sender("192.0.2.1", "203.0.113.9") == "192.0.2.1"


@pytest.mark.parametrize(
    ("proxies", "forwarded", "expected"),
    [
        (1, "203.0.113.9", "203.0.113.9"),
        (1, "10.9.9.9, 203.0.113.9", "203.0.113.9"),  # the first was made up
        (2, "10.9.9.9, 203.0.113.9, 10.0.0.2", "203.0.113.9"),
        (2, "203.0.113.9", "203.0.113.9"),
        (1, "", "192.0.2.1"),
        (1, None, "192.0.2.1"),
        (1, "junk", UNKNOWN),
    ],
)
def test_behind_proxies_the_outermost_one_says_who_it_was(
    settings: Any, proxies: int, forwarded: str | None, expected: str
) -> None:
    settings.TRUSTED_PROXIES = proxies
    assert sender("192.0.2.1", forwarded) == expected


def test_a_household_of_ipv6_is_one_sender(settings: Any) -> None:
    settings.TRUSTED_PROXIES = 0
    assert sender("2001:db8:1:2::a") == sender("2001:db8:1:2:ffff::1")
    assert sender("2001:db8:1:2::a") != sender("2001:db8:1:3::a")


def test_an_ipv4_address_in_ipv6_is_the_ipv4_one(settings: Any) -> None:
    settings.TRUSTED_PROXIES = 0
    assert sender("::ffff:192.0.2.1") == "192.0.2.1"


@pytest.mark.parametrize("peer", ["", "unix:", "192.0.2.256"])
def test_what_is_no_address_shares_one_limit(settings: Any, peer: str) -> None:
    settings.TRUSTED_PROXIES = 0
    assert sender(peer) == UNKNOWN
