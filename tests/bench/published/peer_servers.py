"""tipg and pygeoapi over the peers' tables, two workers each, as their manuals say.

Each in its best case: tipg with uvloop and without looking for new tables while it is
measured; pygeoapi with threads that keep connections open, which its own default
(one request a connection) does not.
"""

import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from urllib.parse import quote

from psycopg.conninfo import conninfo_to_dict

from tests.bench.published.peer_packages import peer_program
from tests.bench.published.worlds import PEER_SCHEMA, Layers
from tests.bench.server import HOST, WORKERS, Server, free_port, heartbeat, running

THREADS = "4"


@contextmanager
def tipg(place: Layers) -> Iterator[Server]:
    """Serve the peers' tables by tipg under uvicorn."""
    port = free_port()
    command = [
        str(peer_program("uvicorn")), "tipg.main:app", "--host", HOST,
        "--port", str(port), "--workers", WORKERS, "--loop", "uvloop",
        "--http", "httptools", "--no-access-log", "--log-level", "warning",
    ]  # fmt: skip
    given = {
        "DATABASE_URL": _with_host(place.url),
        "TIPG_DB_SCHEMAS": json.dumps([PEER_SCHEMA]),
        "TIPG_CATALOG_TTL": "86400",
    }
    with running(command, {**_environment(), **given}, port, "/healthz") as server:
        yield server


def _with_host(url: str) -> str:
    """Return the URL with its host, a socket too, before the path, as tipg wants it."""
    known = {name: quote(str(v), safe="") for name, v in conninfo_to_dict(url).items()}
    password = f":{known['password']}" if "password" in known else ""
    port = f":{known['port']}" if "port" in known else ""
    host = known.get("host", "localhost")
    return (
        f"postgresql://{known.get('user', '')}{password}@{host}{port}/{known['dbname']}"
    )


@contextmanager
def pygeoapi(place: Layers) -> Iterator[Server]:
    """Serve the peers' tables by pygeoapi under gunicorn."""
    port = free_port()
    with TemporaryDirectory() as folder:
        config, openapi = Path(folder) / "config.yml", Path(folder) / "openapi.yml"
        config.write_text(json.dumps(_pygeoapi_config(place, port)))
        openapi.write_text(json.dumps({"openapi": "3.0.2", "info": {}, "paths": {}}))
        command = [
            str(peer_program("gunicorn")), "pygeoapi.flask_app:APP",
            "--bind", f"{HOST}:{port}", "--workers", WORKERS,
            "--worker-class", "gthread", "--threads", THREADS,
            "--timeout", "300", "--log-level", "warning", *heartbeat(),
        ]  # fmt: skip
        given = {"PYGEOAPI_CONFIG": str(config), "PYGEOAPI_OPENAPI": str(openapi)}
        with running(command, {**_environment(), **given}, port, "/?f=json") as server:
            yield server


def _environment() -> dict[str, str]:
    """Return the environment without what is the project's own."""
    ours = {"DATABASE_URL", "DEBUG", "SECRET_KEY", "DJANGO_SETTINGS_MODULE"}
    return {
        **{name: value for name, value in os.environ.items() if name not in ours},
        "PYTHONWARNINGS": "ignore",
    }


def _pygeoapi_config(place: Layers, port: int) -> dict[str, object]:
    """Return pygeoapi's configuration; JSON is YAML, too."""
    return {
        "server": {
            "bind": {"host": HOST, "port": port},
            "url": f"http://{HOST}:{port}",
            "mimetype": "application/json; charset=UTF-8",
            "encoding": "utf-8",
            "gzip": False,
            "languages": ["en-US"],
            "limits": {"default_items": 10, "max_items": 10_000},
            "map": {"url": "", "attribution": ""},
        },
        "logging": {"level": "ERROR"},
        "metadata": _METADATA,
        "resources": {layer: _resource(place.url, layer) for layer in place.sizes()},
    }


_METADATA = {
    "identification": {
        "title": {"en": "peer"},
        "description": {"en": "peer"},
        "keywords": {"en": ["bench"]},
        "keywords_type": "theme",
        "terms_of_service": "none",
        "url": "http://127.0.0.1/",
    },
    "license": {"name": "none", "url": "http://127.0.0.1/"},
    "provider": {"name": "bench", "url": "http://127.0.0.1/"},
    "contact": {"name": "bench", "email": "bench@localhost"},
}


def _resource(url: str, layer: str) -> dict[str, object]:
    known = conninfo_to_dict(url)
    return {
        "type": "collection",
        "title": layer,
        "description": layer,
        "keywords": ["bench"],
        "links": [],
        "extents": {"spatial": {"bbox": [23, 37, 25, 39], "crs": "CRS84"}},
        "providers": [
            {
                "type": "feature",
                "name": "PostgreSQL",
                "data": {
                    "host": known.get("host", "localhost"),
                    "port": known.get("port", 5432),
                    "dbname": known["dbname"],
                    "user": known.get("user", ""),
                    "password": known.get("password", ""),
                    "search_path": [PEER_SCHEMA, "public"],
                },
                "id_field": "id",
                "table": layer,
                "geom_field": "geom",
            }
        ],
    }
