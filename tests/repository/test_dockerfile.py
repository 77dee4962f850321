"""The image does what ./dev does. No container engine is needed to hold the two together."""

import re
from pathlib import Path

import pytest

REPOSITORY = Path(__file__).resolve().parents[2]
TEXT = (REPOSITORY / "Dockerfile").read_text(encoding="utf-8")
KNOWN = {
    "FROM", "ENV", "RUN", "WORKDIR", "COPY", "USER", "EXPOSE", "HEALTHCHECK", "CMD",
}  # fmt: skip


def instructions() -> list[tuple[str, str]]:
    """Return (keyword, rest) of every instruction, continued lines joined."""
    lines = re.sub(r"^#.*\n", "", TEXT, flags=re.M)
    joined = re.sub(r"\\\n\s*", " ", lines)
    rows = [row.split(maxsplit=1) for row in joined.splitlines() if row.strip()]
    return [(keyword, rest) for keyword, rest in rows]


def stages() -> dict[str, list[tuple[str, str]]]:
    """Return name -> instructions of each stage."""
    found: dict[str, list[tuple[str, str]]] = {}
    for keyword, rest in instructions():
        if keyword == "FROM":
            name = rest.split(" AS ")[1]
            found[name] = []
        found[name].append((keyword, rest))
    return found


def test_every_instruction_is_known() -> None:
    assert {keyword for keyword, _ in instructions()} == KNOWN


def test_the_base_is_debian_without_a_host() -> None:
    bases = [rest.split()[0] for keyword, rest in instructions() if keyword == "FROM"]
    assert bases == ["debian:12-slim", "base", "base"]


def test_the_served_stage_is_no_root_and_watches_itself() -> None:
    serve = dict(stages()["serve"])
    assert serve["USER"] == "geoaccmr"
    assert "/healthz" in serve["HEALTHCHECK"]
    assert "$PORT" in serve["CMD"]


def test_the_served_stage_installs_nothing() -> None:
    runs = [rest for keyword, rest in stages()["serve"] if keyword == "RUN"]
    assert len(runs) == 1
    assert runs[0].startswith("useradd --no-create-home")
    packages = [rest for keyword, rest in stages()["base"] if keyword == "RUN"]
    assert not re.search(r"gcc|build-essential|-dev\b|npm|nodejs|git\b", packages[0])


def test_what_is_copied_exists_and_reaches_the_builder() -> None:
    allowed = set(
        re.findall(r"^!(.+)$", (REPOSITORY / ".dockerignore").read_text(), re.M)
    )
    for keyword, rest in instructions():
        if keyword != "COPY" or rest.startswith("--from"):
            continue
        for source in rest.split()[:-1]:
            assert (REPOSITORY / source).exists(), source
            assert source in allowed or source.split("/")[0] in allowed, source


@pytest.mark.parametrize(
    "words",
    [
        "--require-hashes --no-deps --only-binary=:all:",
        "ci --ignore-scripts --no-audit --no-fund",
        "collectstatic --no-input",
        "-m gunicorn geo_accmr.wsgi:application",
        "--worker-class geo_accmr.worker.Worker --threads 4 --timeout 60 --graceful-timeout 5",
        "--no-control-socket",
        "--log-level error",
    ],
)
def test_the_image_and_dev_do_the_same(words: str) -> None:
    parts = "".join(
        path.read_text(encoding="utf-8") for path in REPOSITORY.glob(".dev.d/*.sh")
    )
    assert words in TEXT
    assert words in re.sub(r" \\\n +", " ", parts)


def test_what_sets_letters_is_installed_here_as_by_dev() -> None:
    ((_, packages), *_) = [
        each for each in stages()["base"] if "apt-get install" in each[1]
    ]
    script = (REPOSITORY / ".dev.d/system.sh").read_text(encoding="utf-8")
    for name in ("libpango-1.0-0", "libpangoft2-1.0-0", "libharfbuzz-subset0"):
        assert name in packages.split()
        assert name in script
