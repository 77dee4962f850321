"""How many reports one sender sent: enough to stop a flood, too little to know anybody.

An address is kept only as a keyed hash; the key is made of chance each day, and deleted
with the day's counts. Nothing links a count with a report.
"""

from django.db import models

from layers.models.constraints import at_least


class SenderKey(models.Model):
    """The key of one day's hashes."""

    day = models.DateField(primary_key=True)
    key = models.BinaryField(max_length=32)

    def __str__(self) -> str:
        """Return the day, never the key."""
        return str(self.day)


class SenderTally(models.Model):
    """How many reports a sender sent in one hour of a day (0 to 23, UTC)."""

    day = models.ForeignKey(SenderKey, models.CASCADE, related_name="+")
    hour = models.PositiveSmallIntegerField()
    sender = models.BinaryField(max_length=16)
    n = models.PositiveIntegerField(default=1)

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=["day", "hour", "sender"], name="sendertally_unique"
            ),
            at_least("sendertally", "n", 1),
            models.CheckConstraint(
                condition=models.Q(hour__lte=23), name="sendertally_hour"
            ),
        )

    def __str__(self) -> str:
        """Return the hour and the count."""
        return f"{self.hour} h: {self.n}"
