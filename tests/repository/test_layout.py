"""The house stays as designed: known names at the top, small modules, no junk drawers."""

import ast
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

REPOSITORY = Path(__file__).resolve().parents[2]
TOP_LEVEL = {
    "geo_accmr", "layers", "fixtures", "tests", "docs", "manage.py", "pyproject.toml", "Dockerfile", "README.md", "CHANGELOG.md", "CONTRIBUTING.md", "dev",
    "requirements.lock", "requirements-dev.lock",
}  # fmt: skip
JUNK_DRAWERS = {"utils", "util", "helpers", "helper", "common", "misc", "signals"}
MODULE_LINES = 400
FUNCTION_LINES = 40
SOURCES = sorted(
    path
    for room in ("geo_accmr", "layers")
    for path in (REPOSITORY / room).rglob("*.py")
    if not {"migrations", "node_modules"} & set(path.parts)
)


def tracked() -> list[str]:
    """Return the tracked files, or skip where there is no repository to ask."""
    git = shutil.which("git")
    if not git or not (REPOSITORY / ".git").exists():
        pytest.skip("not a git checkout: a container image, say")
    # The owner of the files may be another user than the one who runs the tests.
    answer = subprocess.run(
        [git, "-c", f"safe.directory={REPOSITORY}", "ls-files", "-z"],
        cwd=REPOSITORY,
        capture_output=True,
        text=True,
        check=True,
    )
    return [name for name in answer.stdout.split("\0") if name]


def functions() -> Iterator[tuple[str, int]]:
    """Yield each function with the number of lines of its body, docstring apart."""
    for path in SOURCES:
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                body = node.body[1:] if ast.get_docstring(node) else node.body
                if body:
                    lines = (body[-1].end_lineno or 0) - body[0].lineno + 1
                    yield f"{path.relative_to(REPOSITORY)}: {node.name}", lines


def test_the_top_level_holds_only_what_is_known() -> None:
    top = {name.partition("/")[0] for name in tracked()}
    assert {name for name in top if not name.startswith(".")} <= TOP_LEVEL


def test_nothing_made_or_fetched_is_tracked() -> None:
    made = (".venv/", ".data/", "node_modules/", "__pycache__/", ".mo", ".sqlite3")
    assert [n for n in tracked() if any(m in f"{n}/" for m in made)] == []


def test_no_tracked_file_is_big() -> None:
    files = [REPOSITORY / name for name in tracked()]
    big = [f.name for f in files if f.exists() and f.stat().st_size > 1_500_000]
    assert big == []


def test_there_is_no_junk_drawer() -> None:
    assert [str(path) for path in SOURCES if path.stem in JUNK_DRAWERS] == []


def test_modules_split_before_they_are_long() -> None:
    long = {
        str(path.relative_to(REPOSITORY)): lines
        for path in SOURCES
        if (lines := path.read_text(encoding="utf-8").count("\n")) > MODULE_LINES
    }
    assert long == {}


def test_functions_are_short() -> None:
    assert {name: n for name, n in functions() if n > FUNCTION_LINES} == {}
