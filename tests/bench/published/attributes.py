"""The 14 attributes of a point, by name; apart, so that a server can know them cheaply."""

ATTRIBUTES = (
    "code", "name_el", "name_en", "category", "organization", "address", "postcode",
    "phone", "website", "capacity", "area_m2", "step_free", "opened_on", "checked_at",
)  # fmt: skip
