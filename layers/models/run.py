"""Stored analyses: what was asked, of which data, with which code, and what came out."""

from django.contrib.postgres.fields import ArrayField
from django.db import models

from layers.models.base import TEXT, Identified
from layers.models.constraints import at_least, known_values, language_map
from layers.models.district import DistrictLevel
from layers.models.municipality import Municipality
from layers.models.organization import Organization
from layers.models.service import Service
from layers.models.service_at_location import ServiceAtLocation
from layers.models.taxonomy import TaxonomyTerm


class RunKind(models.TextChoices):
    """Which analysis a run holds."""

    COVERAGE = "coverage"
    ACCESS = "access"
    SITING = "siting"
    SCENARIO = "scenario"


class Scenario(Identified):
    """A named set of changes to be compared with today, kept while somebody asks for it.

    Whoever stored it may delete it with a token, of which only the hash is here.
    """

    municipality = models.ForeignKey(Municipality, models.CASCADE, related_name="+")
    names = models.JSONField()
    note = models.TextField(blank=True, default="")
    token_hash = models.CharField(max_length=64, blank=True, default="")
    last_used_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = (language_map("scenario", "names"),)
        indexes = (
            models.Index(
                fields=["municipality", "-last_used_at"], name="scenario_last_used"
            ),
        )

    def __str__(self) -> str:
        """Return the id."""
        return str(self.id)


class ChangeKind(models.TextChoices):
    """What a scenario does to one place."""

    CLOSE = "close"
    OPEN = "open"
    MOVE = "move"
    HOURS = "hours"
    CAPACITY = "capacity"


_SPOT = {"lon__range": (-180, 180), "lat__range": (-90, 90)}


class ScenarioChange(models.Model):
    """One change of a scenario; which kind needs what is a CHECK.

    `hours` are spans like `mon-fri 09:00-17:00`; none is never open.
    """

    scenario = models.ForeignKey(Scenario, models.CASCADE, related_name="changes")
    kind = models.CharField(max_length=10, choices=ChangeKind)
    service_at_location = models.ForeignKey(
        ServiceAtLocation, models.CASCADE, null=True, blank=True
    )
    category = models.ForeignKey(
        TaxonomyTerm, models.CASCADE, null=True, blank=True, related_name="+"
    )
    lon = models.FloatField(null=True, blank=True)
    lat = models.FloatField(null=True, blank=True)
    capacity = models.FloatField(null=True, blank=True)
    hours = ArrayField(models.CharField(max_length=30), default=list, blank=True)

    class Meta:
        constraints = (
            known_values("scenariochange", "kind", ChangeKind),
            at_least("scenariochange", "capacity", 0),
            models.CheckConstraint(
                condition=models.Q(kind="open", category__isnull=False, **_SPOT)
                | models.Q(kind="move", service_at_location__isnull=False, **_SPOT)
                | models.Q(
                    kind__in=("close", "hours"), service_at_location__isnull=False
                )
                | models.Q(
                    kind="capacity",
                    service_at_location__isnull=False,
                    capacity__isnull=False,
                ),
                name="scenariochange_needs",
            ),
            # A change counts once; only a new place has no service point yet.
            models.UniqueConstraint(
                fields=["scenario", "kind", "service_at_location"],
                name="scenariochange_unique",
            ),
        )

    def __str__(self) -> str:
        """Return the kind."""
        return self.kind


class AnalysisRun(Identified):
    """One analysis with everything that its numbers depend on.

    `hash` is over kind, parameters, data versions and code version; an equal question
    of equal data finds the stored answer. `rows_hash` is over what came out: two runs of
    one `hash`, wherever they were computed, have the same; empty for runs that were
    stored before it was.
    """

    municipality = models.ForeignKey(Municipality, models.CASCADE, related_name="runs")
    kind = models.CharField(max_length=20, choices=RunKind)
    parameters = models.JSONField()
    data_versions = models.JSONField()
    code_version = models.CharField(max_length=60)
    hash = models.CharField(max_length=64, unique=True)
    is_default = models.BooleanField(default=False, db_default=False)
    is_restricted = models.BooleanField(default=False, db_default=False)
    scenario = models.ForeignKey(Scenario, models.CASCADE, null=True, blank=True)
    summary = models.JSONField(default=dict, blank=True)
    finished_at = models.DateTimeField(null=True, blank=True)
    last_used_at = models.DateTimeField(null=True, blank=True)
    rows_hash = models.CharField(max_length=64, blank=True, default="", db_default="")

    class Meta:
        constraints = (known_values("analysisrun", "kind", RunKind),)
        indexes = (
            models.Index(
                fields=["municipality", "kind", "is_default", "-finished_at"],
                name="analysisrun_latest",
            ),
        )

    def __str__(self) -> str:
        """Return kind and the hash's beginning."""
        return f"{self.kind} {self.hash[:12]}"


class TermKind(models.TextChoices):
    """Whether a result row speaks of a category or of a committee."""

    CATEGORY = "category"
    COMMITTEE = "committee"


class ResultRow(models.Model):
    """Figures of one run for one area and one category or committee.

    `district_code` is empty for people in no district of the level, and
    `is_total` marks the row of the whole municipality. Counts are people. A null
    figure is unknown or suppressed; `flags` says which.
    """

    run = models.ForeignKey(AnalysisRun, models.CASCADE, related_name="rows")
    level = models.CharField(max_length=30, choices=DistrictLevel)
    district_code = models.CharField(max_length=40, blank=True, default="")
    is_total = models.BooleanField(default=False, db_default=False)
    term_kind = models.CharField(max_length=20, choices=TermKind)
    term = models.SlugField(max_length=60)
    group = models.SlugField(max_length=60, blank=True, default="")
    residents = models.FloatField(null=True)
    residents_served = models.FloatField(null=True)
    residents_unserved = models.FloatField(null=True)
    share_served = models.FloatField(null=True)
    mean_walk_m = models.FloatField(null=True)
    median_walk_m = models.FloatField(null=True)
    n_located = models.PositiveIntegerField(null=True)
    n_serving = models.PositiveIntegerField(null=True)
    priority_class = models.PositiveSmallIntegerField(null=True)
    rank = models.PositiveIntegerField(null=True)
    residents_with_capacity = models.FloatField(null=True)
    residents_without_capacity = models.FloatField(null=True)
    access_per_1000 = models.FloatField(null=True)
    access_per_1000_fresh = models.FloatField(null=True)
    need_index = models.FloatField(null=True)
    n_need_flags = models.PositiveSmallIntegerField(null=True)
    gap_depth = models.FloatField(null=True)
    need_weighted_gap = models.FloatField(null=True)
    shortage_places = models.FloatField(null=True)
    threshold_min = models.FloatField(null=True)
    standard_min = models.FloatField(null=True)
    standard_per_1000 = models.FloatField(null=True)
    open_share = models.FloatField(null=True)
    open_share_high = models.FloatField(null=True)
    interval = models.JSONField(default=dict, blank=True)
    figures = models.JSONField(default=dict, blank=True)
    flags = ArrayField(models.CharField(max_length=30), default=list, blank=True)
    is_suppressed = models.BooleanField(default=False, db_default=False)

    class Meta:
        constraints = (
            known_values("resultrow", "level", DistrictLevel),
            known_values("resultrow", "term_kind", TermKind),
            at_least("resultrow", "residents", 0),
            at_least("resultrow", "residents_served", 0),
            models.CheckConstraint(
                condition=models.Q(share_served__isnull=True)
                | models.Q(share_served__range=(0, 1)),
                name="resultrow_share_range",
            ),
            *(
                models.CheckConstraint(
                    condition=models.Q((f"{name}__isnull", True))
                    | models.Q((f"{name}__range", (0, 1))),
                    name=f"resultrow_{name}_range",
                )
                for name in ("need_index", "gap_depth", "open_share", "open_share_high")
            ),
            models.UniqueConstraint(
                fields=[
                    "run",
                    "term_kind",
                    "term",
                    "group",
                    "is_total",
                    "district_code",
                ],
                name="resultrow_cell_unique",
            ),
        )

    def __str__(self) -> str:
        """Return area and term."""
        return f"{self.district_code or 'all'} {self.term}"


class Situation(Identified):
    """An emergency (heat, flood, arrivals) and what it changes while it lasts.

    `shows` lists category slugs put first on the finder; linked services may be opened
    or closed for the time through schedule exceptions.
    """

    municipality = models.ForeignKey(Municipality, models.CASCADE, related_name="+")
    names = models.JSONField()
    message = models.JSONField(default=dict, blank=True)
    shows = ArrayField(models.SlugField(max_length=60), default=list, blank=True)
    services = models.ManyToManyField(Service, blank=True, related_name="+")
    organizations = models.ManyToManyField(Organization, blank=True, related_name="+")
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField(null=True, blank=True)
    source = models.CharField(max_length=TEXT, blank=True, default="")

    class Meta:
        constraints = (
            language_map("situation", "names"),
            language_map("situation", "message", blank=True),
            models.CheckConstraint(
                condition=models.Q(ends_at__isnull=True)
                | models.Q(ends_at__gte=models.F("starts_at")),
                name="situation_order",
            ),
        )

    def __str__(self) -> str:
        """Return the id."""
        return str(self.id)
