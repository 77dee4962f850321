"""Columns that many nouns share."""

import uuid

from django.db import models

TEXT = 200
"""Characters of a short text (a name, a title)."""


class Identified(models.Model):
    """A noun of HSDS: a uuid that partners may keep, and when it changed.

    `updated_at` says when the row was written; it is never shown as verification.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        abstract = True


class Sourced(models.Model):
    """Where a row came from; (source, source_id) makes an import idempotent."""

    source = models.CharField(max_length=TEXT, blank=True, default="")
    source_id = models.CharField(max_length=TEXT, blank=True, default="")
    licence = models.CharField(max_length=TEXT, blank=True, default="")
    is_demo = models.BooleanField(default=False, db_default=False)

    class Meta:
        abstract = True


def unique_source(table: str) -> models.UniqueConstraint:
    """Return the constraint that one source names a row once per municipality."""
    return models.UniqueConstraint(
        fields=["municipality", "source", "source_id"],
        condition=~models.Q(source_id=""),
        name=f"{table}_source_unique",
    )
