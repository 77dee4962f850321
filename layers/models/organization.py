"""Organizations that offer services, and who of their staff may do what."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from layers.models.base import Identified, Sourced, unique_source
from layers.models.constraints import known_values, language_map
from layers.models.district import District
from layers.models.municipality import Municipality
from layers.models.taxonomy import TaxonomyTerm


class OrganizationType(models.TextChoices):
    """Who stands behind an organization."""

    MUNICIPAL = "municipal"
    PUBLIC = "public"
    INTERNATIONAL = "international"
    NGO_INTERNATIONAL = "ngo_international"
    NGO_LOCAL = "ngo_local"
    COMMUNITY = "community"
    INFORMAL = "informal"
    PRIVATE = "private"


class Organization(Identified, Sourced):
    """A body that offers services (HSDS organization)."""

    municipality = models.ForeignKey(Municipality, models.CASCADE, related_name="+")
    parent = models.ForeignKey("self", models.SET_NULL, null=True, blank=True)
    names = models.JSONField()
    descriptions = models.JSONField(default=dict, blank=True)
    email = models.EmailField(blank=True, default="")
    url = models.URLField(max_length=500, blank=True, default="")
    phone = models.CharField(max_length=60, blank=True, default="")
    logo = models.URLField(max_length=500, blank=True, default="")
    org_type = models.CharField(max_length=30, choices=OrganizationType)
    member_since = models.DateField(null=True, blank=True)

    class Meta:
        constraints = (
            known_values("organization", "org_type", OrganizationType),
            language_map("organization", "names"),
            language_map("organization", "descriptions", blank=True),
            unique_source("organization"),
        )

    def __str__(self) -> str:
        """Return the id; names are shown by the edges, in the reader's language."""
        return str(self.id)


class Role(models.TextChoices):
    """What a signed-in person may do; the rule itself is one module of `directory`."""

    EDITOR = "editor"
    MODERATOR = "moderator"
    COORDINATOR = "coordinator"
    ANALYST = "analyst"
    ADMINISTRATOR = "administrator"


class Membership(models.Model):
    """A person's role, with what it reaches.

    An editor has an organization; a moderator a committee or a district; the other
    roles reach the whole municipality.
    """

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="memberships"
    )
    municipality = models.ForeignKey(Municipality, models.CASCADE, related_name="+")
    role = models.CharField(max_length=20, choices=Role)
    organization = models.ForeignKey(
        Organization, models.CASCADE, null=True, blank=True
    )
    committee = models.ForeignKey(TaxonomyTerm, models.CASCADE, null=True, blank=True)
    district = models.ForeignKey(District, models.CASCADE, null=True, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = (
            known_values("membership", "role", Role),
            models.CheckConstraint(
                condition=Q(role="editor", organization__isnull=False)
                | (~Q(role="editor") & Q(organization__isnull=True)),
                name="membership_editor_organization",
            ),
            models.CheckConstraint(
                condition=Q(
                    role="moderator", committee__isnull=False, district__isnull=True
                )
                | Q(role="moderator", committee__isnull=True, district__isnull=False)
                | (
                    ~Q(role="moderator")
                    & Q(committee__isnull=True, district__isnull=True)
                ),
                name="membership_moderator_scope",
            ),
            models.UniqueConstraint(
                fields=[
                    "user",
                    "municipality",
                    "role",
                    "organization",
                    "committee",
                    "district",
                ],
                nulls_distinct=False,
                name="membership_unique",
            ),
        )

    def __str__(self) -> str:
        """Return user id and role."""
        return f"{self.user_id} {self.role}"
