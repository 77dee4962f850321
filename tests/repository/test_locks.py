"""The lock files are complete, hashed, agree with each other and name no registry."""

import json
import re
import tomllib
from pathlib import Path
from typing import Any

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

REPOSITORY = Path(__file__).resolve().parents[2]
PROJECT = tomllib.loads((REPOSITORY / "pyproject.toml").read_text(encoding="utf-8"))
PACKAGE = json.loads((REPOSITORY / "layers/web/package.json").read_text())
PACKAGE_LOCK = json.loads((REPOSITORY / "layers/web/package-lock.json").read_text())
PYTHON_LOCKS = ["requirements.lock", "requirements-dev.lock", ".dev.d/node.lock"]

# Spelt in parts, or this file would be the one that names them.
REGISTRIES = re.compile(
    r"(pypi|pythonhosted|npmjs|debian)\.(org|com|net|io)", re.IGNORECASE
)


def pins(lock: str) -> set[tuple[str, str]]:
    """Return (name, version) of a lock file; a name may be pinned once per Python."""
    text = (REPOSITORY / lock).read_text(encoding="utf-8")
    return set(re.findall(r"^([a-z0-9._-]+)(?:\[[^]]*])?==([^\s;]+)", text, re.M))


def asked(group: str) -> list[str]:
    """Return the words of pyproject.toml: `runtime`, or `dev` beside it."""
    project: dict[str, Any] = PROJECT["project"]
    if group == "runtime":
        return list(project["dependencies"])
    return list(project["optional-dependencies"][group])


def wanted(group: str) -> list[Requirement]:
    """Return the same, taken apart."""
    return [Requirement(row) for row in asked(group)]


@pytest.mark.parametrize("lock", PYTHON_LOCKS)
def test_every_pin_has_hashes(lock: str) -> None:
    text = (REPOSITORY / lock).read_text(encoding="utf-8")
    entries = re.split(r"^(?=[a-z0-9])", text, flags=re.M)[1:]
    assert len(entries) == len(pins(lock)) > 0
    assert [e for e in entries if "--hash=sha256:" not in e] == []


@pytest.mark.parametrize("lock", PYTHON_LOCKS)
def test_a_lock_names_no_address_and_no_option(lock: str) -> None:
    lines = (REPOSITORY / lock).read_text(encoding="utf-8").splitlines()
    assert [line for line in lines if "://" in line or line.startswith("-")] == []


@pytest.mark.parametrize(
    ("group", "lock"),
    [("runtime", "requirements.lock"), ("dev", "requirements-dev.lock")],
)
def test_the_lock_holds_what_is_asked_for(group: str, lock: str) -> None:
    locked = pins(lock)
    for requirement in wanted(group):
        name = canonicalize_name(requirement.name)
        versions = [version for pinned, version in locked if pinned == name]
        assert versions, requirement
        assert all(requirement.specifier.contains(v) for v in versions), requirement


def test_tests_run_on_what_is_served() -> None:
    assert pins("requirements.lock") <= pins("requirements-dev.lock")


def test_every_python_dependency_says_why() -> None:
    text = (REPOSITORY / "pyproject.toml").read_text(encoding="utf-8")
    reasons = dict(re.findall(r'^    "([^"]+)", +# (.+)$', text, re.M))
    for group in ("runtime", "dev"):
        assert [row for row in asked(group) if len(reasons.get(row, "")) < 4] == []


def test_front_end_versions_are_exact() -> None:
    for name, version in (PACKAGE["dependencies"] | PACKAGE["devDependencies"]).items():
        assert re.fullmatch(r"\d+\.\d+\.\d+", version), name
        locked = PACKAGE_LOCK["packages"][f"node_modules/{name}"]
        assert locked["version"] == version


def test_every_front_end_file_is_hashed_and_names_no_address() -> None:
    packages = {k: v for k, v in PACKAGE_LOCK["packages"].items() if k}
    assert [k for k, v in packages.items() if "integrity" not in v] == []
    assert [k for k, v in packages.items() if "resolved" in v] == []


@pytest.mark.parametrize(
    "path",
    [
        *PYTHON_LOCKS,
        "layers/web/package.json",
        "layers/web/package-lock.json",
        "pyproject.toml",
        "Dockerfile",
        ".pre-commit-config.yaml",
        "dev",
        *sorted(str(p.relative_to(REPOSITORY)) for p in REPOSITORY.glob(".dev.d/*.*")),
        ".ci/run",
    ],
)
def test_no_file_that_installs_names_a_registry(path: str) -> None:
    text = (REPOSITORY / path).read_text(encoding="utf-8")
    assert REGISTRIES.search(text) is None
