"""Takes no more reports from one sender than anybody needs to send.

What is kept of a sender is a hash under a key that is made of chance for each day. With
the first report of the next day key and hashes are deleted; `forget_senders` does so
without one. After that nobody can tell who had sent anything.
"""

import hashlib
import secrets
from datetime import UTC, date, datetime

from django.conf import settings
from django.db import connection, transaction

from layers.errors import TooManyReports
from layers.models import SenderKey, SenderTally

HOUR_S = 3_600


def admit(sender: str, now: datetime) -> None:
    """Count one report of a sender.

    Parameters
    ----------
    sender : str
        What tells senders apart, a network address; it is not stored.
    now : datetime
        With time zone.

    Raises
    ------
    TooManyReports
        More than REPORTS_PER_HOUR in this hour.
    """
    at = now.astimezone(UTC)
    limit = settings.REPORTS_PER_HOUR
    with transaction.atomic():
        digest = hashlib.blake2b(
            sender.encode(), key=_key_of(at.date()), digest_size=16
        ).digest()
        with connection.cursor() as cursor:
            cursor.execute(
                """INSERT INTO layers_sendertally (day_id, hour, sender, n)
                   VALUES (%s, %s, %s, 1)
                   ON CONFLICT (day_id, hour, sender) DO UPDATE
                   SET n = least(layers_sendertally.n + 1, %s) RETURNING n""",
                (at.date(), at.hour, digest, limit + 1),
            )
            (sent,) = cursor.fetchone()
    if sent > limit:
        raise TooManyReports(limit, HOUR_S - at.minute * 60 - at.second)


def forget_senders(before: date) -> int:
    """Delete the keys and counts of days before one; return of how many days."""
    SenderTally.objects.filter(day__lt=before).delete()
    gone, _ = SenderKey.objects.filter(day__lt=before).delete()
    return gone


def _key_of(day: date) -> bytes:
    row, is_new = SenderKey.objects.get_or_create(
        day=day, defaults={"key": secrets.token_bytes(32)}
    )
    if is_new:
        forget_senders(day)
    return bytes(row.key)
