"""How many reports a sender sent in an hour, under a key of the day."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    """Two small tables, emptied every day."""

    dependencies = (("layers", "0017_service_details"),)
    operations = (
        migrations.CreateModel(
            name="SenderKey",
            fields=[
                ("day", models.DateField(primary_key=True, serialize=False)),
                ("key", models.BinaryField(max_length=32)),
            ],
        ),
        migrations.CreateModel(
            name="SenderTally",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True,
                        primary_key=True,
                        serialize=False,
                        verbose_name="ID",
                    ),
                ),
                ("hour", models.PositiveSmallIntegerField()),
                ("sender", models.BinaryField(max_length=16)),
                ("n", models.PositiveIntegerField(default=1)),
                (
                    "day",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="layers.senderkey",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("day", "hour", "sender"), name="sendertally_unique"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("n__isnull", True), ("n__gte", 1), _connector="OR"
                        ),
                        name="sendertally_n_min",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("hour__lte", 23)), name="sendertally_hour"
                    ),
                ],
            },
        ),
    )
