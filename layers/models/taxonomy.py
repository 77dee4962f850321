"""Taxonomies: committees, categories, population groups, sectors, and their crosswalk."""

from django.db import models
from django.db.models import F, Q

from layers.models.constraints import known_values, language_map


class TaxonomyKind(models.TextChoices):
    """The taxonomies that every deployment has."""

    COMMITTEE = "committee"
    CATEGORY = "category"
    POPULATION_GROUP = "population_group"
    SECTOR_4W = "sector_4w"


class Taxonomy(models.Model):
    """A named set of terms (HSDS taxonomy)."""

    slug = models.CharField(max_length=30, choices=TaxonomyKind, unique=True)
    names = models.JSONField()
    version = models.CharField(max_length=40, blank=True, default="")

    class Meta:
        verbose_name_plural = "taxonomies"
        constraints = (
            known_values("taxonomy", "slug", TaxonomyKind),
            language_map("taxonomy", "names"),
        )

    def __str__(self) -> str:
        """Return the slug."""
        return self.slug


class TaxonomyTerm(models.Model):
    """A term of a taxonomy, in a tree where `parent` is given (HSDS taxonomy_term).

    `path` holds the slugs from the root to the term itself, kept by the taxonomy
    import; filters match any element, so a parent finds its leaves.
    """

    taxonomy = models.ForeignKey(Taxonomy, models.CASCADE, related_name="terms")
    slug = models.SlugField(max_length=60)
    names = models.JSONField()
    descriptions = models.JSONField(default=dict, blank=True)
    parent = models.ForeignKey(
        "self", models.CASCADE, null=True, blank=True, related_name="children"
    )
    path = models.JSONField(default=list)
    position = models.PositiveSmallIntegerField(default=0)
    icon = models.CharField(max_length=40, blank=True, default="")

    class Meta:
        ordering = ("taxonomy", "position", "slug")
        constraints = (
            language_map("taxonomyterm", "names"),
            language_map("taxonomyterm", "descriptions", blank=True),
            models.UniqueConstraint(
                fields=["taxonomy", "slug"], name="taxonomyterm_slug_unique"
            ),
            models.CheckConstraint(
                condition=Q(parent__isnull=True) | ~Q(parent=F("id")),
                name="taxonomyterm_parent_other",
            ),
        )

    def __str__(self) -> str:
        """Return the slug."""
        return self.slug


class TermRelation(models.TextChoices):
    """How two terms of two taxonomies belong together."""

    CATEGORY_COMMITTEE = "category_committee"
    CATEGORY_SECTOR = "category_sector"


class TermLink(models.Model):
    """A row of a crosswalk: a category is the business of a committee or a 4W sector."""

    relation = models.CharField(max_length=30, choices=TermRelation)
    term = models.ForeignKey(TaxonomyTerm, models.CASCADE, related_name="links")
    other = models.ForeignKey(TaxonomyTerm, models.CASCADE, related_name="linked_from")

    class Meta:
        constraints = (
            known_values("termlink", "relation", TermRelation),
            models.UniqueConstraint(
                fields=["relation", "term", "other"], name="termlink_unique"
            ),
        )

    def __str__(self) -> str:
        """Return both slugs' ids."""
        return f"{self.relation} {self.term_id} {self.other_id}"
