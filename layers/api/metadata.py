"""What every answer says of itself: is it for show, whom is it owed to, how fresh is it."""

from collections.abc import Mapping, Sequence
from typing import Any

from layers.published.versions import DataState
from layers.published.vocabulary import vocabulary

_NOTICE: Mapping[str, str] = {
    "el": "Δεδομένα επίδειξης: όρια, κάτοικοι ή υπηρεσίες είναι εν μέρει επινοημένα. Μην "
    "βασιστείτε σε αυτά.",
    "en": "Demonstration data: borders, residents or services are partly invented. Do not "
    "rely on them.",
    "fr": "Données de démonstration : limites, habitants ou services sont en partie "
    "inventés. Ne vous y fiez pas.",
    "ar": "بيانات تجريبية: الحدود أو السكان أو الخدمات مختلقة جزئياً. لا تعتمدوا عليها.",
    "fa": "داده‌های نمایشی: مرزها، ساکنان یا خدمات تا حدی ساختگی هستند. به آن‌ها تکیه نکنید.",
    "ur": "نمائشی ڈیٹا: حدود، رہائشی یا خدمات جزوی طور پر فرضی ہیں۔ ان پر بھروسہ نہ کریں۔",
}


def metadata(
    lang: str, *, state: DataState | None = None, municipality: Sequence[str] = ()
) -> dict[str, Any]:
    """Return the members that every answer has.

    Parameters
    ----------
    lang : str
        Language of the texts in it.
    state : DataState, optional
        What it was made from; `updated_at` says when that last changed.
    municipality : sequence of str
        Slugs of the municipalities that it is about; all without any.
    """
    held = vocabulary()
    places = [
        facts
        for slug, facts in held.municipalities.items()
        if not municipality or slug in municipality
    ]
    is_demo = any(place.is_demo for place in places)
    said: dict[str, Any] = {"lang": lang, "demo": is_demo}
    if is_demo:
        said["notice"] = _NOTICE.get(lang, _NOTICE["en"])
    said["attribution"] = held.attribution
    if state is not None:
        said["updated_at"] = state.changed_at
    return said
