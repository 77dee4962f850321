"""One import, one transaction: kept as a whole, or not at all."""

import time
from collections.abc import Iterator
from contextlib import contextmanager

from django.db import (
    DatabaseError,
    DataError,
    IntegrityError,
    connection,
    transaction,
)

from layers.errors import ImportRefused, NotFound, Unavailable
from layers.ingest.report import Report
from layers.models import Municipality


def may_write(report: Report) -> bool:
    """Tell whether the rows that were accepted are to be written.

    Not when a row was refused and `accept_partial` was not asked for; never when the
    file as a whole was.
    """
    refused = report.findings["refused"]
    if any(finding.row is None for finding in refused.kept):
        return False
    return report.mode.accept_partial or not refused.count


@contextmanager
def one_transaction(report: Report) -> Iterator[None]:
    """Run an import's writes, keep them if they may be kept, and say so in the report.

    An exception, an interrupt or a dry run leaves nothing behind. Statements of an
    import may take as long as they need.

    Raises
    ------
    ImportRefused
        The database refused a value that the import had let pass.
    Unavailable
        The database is gone, or another import held it for too long.
    """
    started = time.perf_counter()
    try:
        with transaction.atomic():
            with connection.cursor() as cursor:
                cursor.execute("SET LOCAL statement_timeout = 0")
            yield
            kept = may_write(report) and not report.mode.dry_run
            if not kept:
                transaction.set_rollback(True)
    except (DataError, IntegrityError) as error:
        raise ImportRefused(
            f"{report.file}: the database refused it ({_said(error)}); nothing was written"
        ) from error
    except DatabaseError as error:
        raise Unavailable(
            f"{report.file}: the database failed ({_said(error)}); nothing was written"
        ) from error
    report.written = kept
    report.seconds += time.perf_counter() - started


def locked_municipality(slug: str) -> Municipality:
    """Return the municipality, locked so that two imports of it cannot interleave.

    Raises
    ------
    NotFound
        There is none; the message says how to make one.
    """
    rows = Municipality.objects.select_for_update(no_key=True)
    municipality = rows.filter(slug=slug).first()
    if municipality is None:
        raise NotFound("municipality", slug)
    return municipality


def _said(error: DatabaseError) -> str:
    """Return what the database said, without the row: its values may be protected."""
    diagnosis = getattr(error.__cause__, "diag", None)
    primary = getattr(diagnosis, "message_primary", None)
    return primary or type(error).__name__
