import pytest

from tests.integration.analysis.city import City


@pytest.fixture
def city(db):
    return City()
