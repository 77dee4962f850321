"""A rule that nothing enforces is a wish: each tool must refuse one planted violation.

The rules are read from this repository's own pyproject.toml and tried on a skeleton of
the rooms in a temporary folder. That the real tree passes is what `./dev check` shows.
"""

import json
import os
import shutil
import socket
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
from pytest_socket import SocketConnectBlockedError

REPOSITORY = Path(__file__).resolve().parents[2]
PYPROJECT = REPOSITORY / "pyproject.toml"
CONTRACTS = tomllib.loads(PYPROJECT.read_text(encoding="utf-8"))["tool"]["importlinter"]

pytestmark = pytest.mark.timeout(300)  # mypy reads the types of Django from nothing


def plant(root: Path, path: str, text: str) -> None:
    """Write a file below `root`, with its folders."""
    file = root / path
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text, encoding="utf-8")


def run(root: Path, *command: str) -> subprocess.CompletedProcess[str]:
    """Run a tool of this environment in `root`, as ./dev check does in the repository."""
    programs = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    return subprocess.run(
        command,
        cwd=root,
        env={**os.environ, "PATH": programs},
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.fixture
def skeleton(tmp_path: Path) -> Path:
    """Return a folder with our pyproject.toml and every room, each of them empty."""
    shutil.copy(PYPROJECT, tmp_path)
    rows = next(c for c in CONTRACTS["contracts"] if c["id"] == "rooms")["layers"]
    for row in rows:
        for room in row.replace("|", " ").replace(":", " ").split():
            plant(tmp_path, f"layers/{room.strip('()')}.py", "")
    plant(tmp_path, "layers/__init__.py", "")
    plant(tmp_path, "geo_accmr/__init__.py", "")
    plant(tmp_path, "geo_accmr/settings.py", "")
    return tmp_path


# --- ruff ---------------------------------------------------------------------

RUFF_VIOLATIONS = {
    "F401": "import os\n",
    "T201": 'print("x")\n',
    "TID251": "from django.http import HttpResponse\n\n__all__ = [HttpResponse]\n",
    "TID252": "from . import errors\n\n__all__ = [errors]\n",
    "D103": "def public() -> None:\n    return None\n",
    "BLE001": "try:\n    x = 1\nexcept Exception:\n    x = 2\n",
    "S608": 'name = "t"\nsql = f"SELECT * FROM {name} WHERE a = 1"\n',
    "DTZ005": "from datetime import datetime\n\nnow = datetime.now()\n",
    "FBT001": 'def show(big: bool) -> None:\n    """Show."""\n',
    "ERA001": "# x = compute(1)\n",
    "SLF001": "import os\n\nos.environ._data\n",
    "C901": "def many(a: int) -> int:\n"
    '    """Return it."""\n'
    + "".join(f"    if a == {n}:\n        return {n}\n" for n in range(9))
    + "    return 0\n",
}


@pytest.mark.parametrize("code", RUFF_VIOLATIONS)
def test_ruff_refuses_a_planted_violation(skeleton: Path, code: str) -> None:
    plant(skeleton, "layers/selectors.py", RUFF_VIOLATIONS[code])
    found = run(skeleton, "ruff", "check", "--no-cache", "--output-format=json", ".")
    assert found.returncode == 1
    assert code in {row["code"] for row in json.loads(found.stdout)}


def test_ruff_accepts_the_empty_rooms(skeleton: Path) -> None:
    assert run(skeleton, "ruff", "check", "--no-cache", ".").returncode == 0


def test_ruff_format_refuses_another_layout(skeleton: Path) -> None:
    plant(skeleton, "layers/selectors.py", "x = { 'a':1 }\n")
    assert run(skeleton, "ruff", "format", "--no-cache", "--check", ".").returncode == 1


# --- mypy ---------------------------------------------------------------------

SETTINGS = """
SECRET_KEY = "x"
INSTALLED_APPS = ["django.contrib.contenttypes", "django.contrib.auth"]
DATABASES = {"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": ":memory:"}}
"""
MYPY_VIOLATIONS = """
from django.contrib.auth.models import Group
from rest_framework import serializers


def untyped(a):
    return a


def typed() -> int:
    return Group.objects.get(pk=1).name


def known_fields() -> list[str]:
    return list(Group.objects.values_list("nmae", flat=True))


def ignored(a: int) -> int:
    return a.real_  # type: ignore


def never(a: int) -> int:
    if isinstance(a, str):
        return 1
    return 2


class Groups(serializers.ModelSerializer):
    pass
"""
MYPY_CODES = {
    "no-untyped-def": "a function without types",
    "return-value": "a field's type is known: the Django plugin is at work",
    "misc": "a field's name is known in values_list",
    "ignore-without-code": "an ignore must say what it ignores",
    "unreachable": "a branch that never runs",
    "type-arg": "a serializer says of which model: the DRF types are at work",
}


def test_mypy_refuses_each_planted_violation(skeleton: Path) -> None:
    plant(skeleton, "geo_accmr/settings.py", SETTINGS)
    plant(skeleton, "manage.py", "")
    plant(skeleton, "layers/selectors.py", MYPY_VIOLATIONS)
    found = run(skeleton, "mypy", "--cache-dir", os.devnull, "--hide-error-context")
    assert found.returncode == 1, found.stdout + found.stderr
    lines = [line for line in found.stdout.splitlines() if ": error: " in line]
    codes = {line.rpartition("[")[2].rstrip("]") for line in lines}
    assert codes == set(MYPY_CODES), found.stdout
    assert all(line.startswith("layers/selectors.py:") for line in lines)


# --- import-linter --------------------------------------------------------------

IMPORT_VIOLATIONS = [
    ("rooms", "models", "import layers.api"),
    ("rooms", "errors", "import layers.geo"),
    ("rooms", "measures", "import layers.geo"),
    ("rooms", "selectors", "import layers.directory"),
    ("rooms", "directory", "import layers.analysis"),
    ("rooms", "analysis", "import layers.params"),
    ("rooms", "ingest", "import layers.params"),
    ("rooms", "api", "import layers.web"),
    ("rooms", "published", "import layers.urls"),
    ("rooms", "utils", ""),  # a room nobody has placed
    ("pure-measures", "measures", "from django.db import models"),
    ("pure-measures", "errors", "import rest_framework"),
    ("app-knows-no-project", "apps", "from geo_accmr import settings"),
    ("core-knows-no-rest", "selectors", "from rest_framework import serializers"),
    ("core-knows-no-rest", "published", "import rest_framework_gis"),
]
IMPORTS_ALLOWED = [
    ("ingest", "import layers.directory"),
    ("api", "import layers.params\nimport layers.published\nimport rest_framework"),
    ("models", "from django.db import models\nimport layers.geo"),
    ("urls", "import layers.api\nimport layers.admin"),
]


@pytest.mark.parametrize(("contract", "room", "line"), IMPORT_VIOLATIONS)
def test_import_linter_refuses_a_planted_import(
    skeleton: Path, contract: str, room: str, line: str
) -> None:
    plant(skeleton, f"layers/{room}.py", f"{line}\n")
    name = next(c["name"] for c in CONTRACTS["contracts"] if c["id"] == contract)
    found = run(skeleton, "lint-imports", "--no-cache", "--contract", contract)
    assert found.returncode == 1, found.stdout
    assert f"{name} BROKEN" in " ".join(found.stdout.split())


@pytest.mark.parametrize(("room", "lines"), IMPORTS_ALLOWED)
def test_import_linter_accepts_the_natural_way(
    skeleton: Path, room: str, lines: str
) -> None:
    plant(skeleton, f"layers/{room}.py", f"{lines}\n")
    found = run(skeleton, "lint-imports", "--no-cache")
    assert found.returncode == 0, found.stdout


def test_every_contract_is_tried() -> None:
    assert {contract for contract, _, _ in IMPORT_VIOLATIONS} == {
        contract["id"] for contract in CONTRACTS["contracts"]
    }


# --- JavaScript types -----------------------------------------------------------

WEB = REPOSITORY / "layers/web"
WRONG_JAVASCRIPT = """
import { Map } from "maplibre-gl";

/** @param {HTMLElement} element */
export function draw(element) {
  const map = new Map({ container: element, style: { version: 8, sources: {}, layers: [] } });
  map.setZom(3);
}
"""


@pytest.mark.skipif(
    not (WEB / "node_modules/typescript").is_dir() or not shutil.which("node"),
    reason="the front-end checkers are not installed: ./dev test installs them",
)
def test_the_javascript_check_refuses_a_misspelt_method(tmp_path: Path) -> None:
    shutil.copy(WEB / "tsconfig.json", tmp_path)
    (tmp_path / "node_modules").symlink_to(WEB / "node_modules")
    plant(tmp_path, "static/web/wrong.js", WRONG_JAVASCRIPT)
    found = run(tmp_path, "node", "node_modules/typescript/bin/tsc")
    assert found.returncode != 0
    assert "TS2551" in found.stdout


# --- pytest ---------------------------------------------------------------------


@pytest.mark.filterwarnings("ignore:A test tried to use socket")
def test_a_test_cannot_reach_the_outside() -> None:
    with pytest.raises(SocketConnectBlockedError), socket.socket() as outside:
        outside.connect(("192.0.2.1", 80))  # TEST-NET-1: nobody's, RFC 5737


def test_a_test_reaches_this_machine() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        socket.create_connection(server.getsockname(), timeout=5).close()


PYTEST_VIOLATIONS = {
    "a warning": "import warnings\n\ndef test_x():\n    warnings.warn('old')\n",
    "an unknown mark": "import pytest\n\n@pytest.mark.sloow\ndef test_x():\n    pass\n",
    "an xfail that passes": (
        "import pytest\n\n@pytest.mark.xfail\ndef test_x():\n    pass\n"
    ),
}


@pytest.mark.parametrize("violation", PYTEST_VIOLATIONS)
def test_pytest_fails_on_a_planted_violation(skeleton: Path, violation: str) -> None:
    plant(skeleton, "geo_accmr/settings.py", SETTINGS)
    plant(skeleton, "tests/test_planted.py", PYTEST_VIOLATIONS[violation])
    found = run(
        skeleton, sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider"
    )
    assert found.returncode in (1, 2), found.stdout
    assert "passed" not in found.stdout
