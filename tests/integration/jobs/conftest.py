import pytest

from tests.integration.analysis.city import City


def town() -> City:
    """100 people at the clinic's door in A, 300 of B a kilometre away."""
    city = City()
    city.people(500, 100)
    city.people(1700, 300)
    city.place(500, "clinic")
    city.publish()
    return city


@pytest.fixture
def city(db):
    return town()
