"""Settings that cannot be used are refused with name, value and remedy."""

import os
import subprocess
import sys

import pytest

GOOD = {
    "DATABASE_URL": "postgres://geoaccmr@/none?host=/nowhere",
    "SECRET_KEY": "x" * 40,
}


def load(**changes: str) -> "subprocess.CompletedProcess[str]":
    inherited = {k: os.environ[k] for k in ("PATH", "HOME", "LANG") if k in os.environ}
    return subprocess.run(
        [sys.executable, "-c", "import geo_accmr.settings"],
        env={**inherited, **GOOD, **changes},
        capture_output=True,
        text=True,
        check=False,
    )


def test_a_complete_environment_is_accepted() -> None:
    assert load().returncode == 0


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("DATABASE_URL", ""),
        ("DATABASE_URL", "mysql://root@host/db"),
        ("SECRET_KEY", "short"),
        ("SECRET_KEY", ""),
        ("DEBUG", "maybe"),
        ("METRIC_SRID", "0"),
        ("METRIC_SRID", "Greek Grid"),
        ("METRIC_SRID", "-2100"),
        ("PUBLISHED_POOL_SIZE", "0"),
        ("PUBLISHED_POOL_SIZE", "9999"),
        ("STATEMENT_TIMEOUT_MS", "soon"),
        ("MAX_UPLOAD_MB", "1e3"),
        ("HTTPS", "si"),
        ("REPORTS_PER_HOUR", "0"),
        ("TRUSTED_PROXIES", "-1"),
        ("TRUSTED_PROXIES", "6"),
        ("EMBED_ON", "accmr.gr"),
        ("EMBED_ON", "https://accmr.gr/page"),
        ("EMBED_ON", "https://a.gr; script-src *"),
        ("EMBED_ON", "javascript:alert(1)"),
        ("BASEMAP_STYLE", "javascript:alert(1)"),
        ("BASEMAP_PMTILES", "//host.example/a.pmtiles"),
        ("BASEMAP_HOSTS", "https://a.example; script-src *"),
        ("MAP_CONTEXT", "parks"),
        ("MAP_CONTEXT", "parks=forest"),
        ("QUICK_EXIT_URL", "http://plain.example/"),
        ("PUBLISHED_ROLE", 'x"; DROP TABLE layers_service; --'),
    ],
)
def test_a_value_that_cannot_be_used_is_refused_by_name(name: str, value: str) -> None:
    result = load(**{name: value})
    assert result.returncode != 0
    assert f"{name}=" in result.stderr
    assert "cannot be used" in result.stderr


def test_a_tile_source_without_attribution_is_refused() -> None:
    result = load(BASEMAP_TILES="https://tiles.example/{z}/{x}/{y}.png")
    assert "BASEMAP_ATTRIBUTION" in result.stderr


def test_two_base_maps_are_refused() -> None:
    result = load(BASEMAP_STYLE="/a.json", BASEMAP_PMTILES="/b.pmtiles")
    assert "choose one base map" in result.stderr


def test_the_secret_itself_is_never_in_the_message() -> None:
    assert "hunter2" not in load(SECRET_KEY="hunter2").stderr
