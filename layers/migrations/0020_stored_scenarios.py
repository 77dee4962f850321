"""Scenarios that are kept: who may delete one, when it was used, moves and hours."""

from django.contrib.postgres.fields import ArrayField
from django.db import migrations, models
from django.db.models import Q

KINDS = ("close", "open", "move", "hours", "capacity")
SPOT = {"lon__range": (-180, 180), "lat__range": (-90, 90)}


class Migration(migrations.Migration):
    """New columns, and which kind of change needs what."""

    dependencies = (("layers", "0019_need_and_gap"),)
    operations = (
        migrations.RemoveConstraint("scenariochange", "scenariochange_kind_known"),
        migrations.RemoveConstraint("scenariochange", "scenariochange_needs"),
        migrations.AddField(
            "scenario", "last_used_at", models.DateTimeField(blank=True, null=True)
        ),
        migrations.AddField(
            "scenario",
            "token_hash",
            models.CharField(blank=True, default="", max_length=64),
        ),
        migrations.AddField(
            "scenariochange",
            "hours",
            ArrayField(models.CharField(max_length=30), blank=True, default=list),
        ),
        migrations.AlterField(
            "scenariochange",
            "kind",
            models.CharField(
                choices=[(kind, kind.capitalize()) for kind in KINDS], max_length=10
            ),
        ),
        migrations.AddIndex(
            "scenario",
            models.Index(
                fields=["municipality", "-last_used_at"], name="scenario_last_used"
            ),
        ),
        migrations.AddConstraint(
            "scenariochange",
            models.CheckConstraint(
                condition=Q(kind__in=list(KINDS)), name="scenariochange_kind_known"
            ),
        ),
        migrations.AddConstraint(
            "scenariochange",
            models.CheckConstraint(
                condition=Q(kind="open", category__isnull=False, **SPOT)
                | Q(kind="move", service_at_location__isnull=False, **SPOT)
                | Q(kind__in=("close", "hours"), service_at_location__isnull=False)
                | Q(
                    kind="capacity",
                    service_at_location__isnull=False,
                    capacity__isnull=False,
                ),
                name="scenariochange_needs",
            ),
        ),
        migrations.AddConstraint(
            "scenariochange",
            models.UniqueConstraint(
                fields=("scenario", "kind", "service_at_location"),
                name="scenariochange_unique",
            ),
        ),
    )
