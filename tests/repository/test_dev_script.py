"""`./dev` answers wrong use and broken machines with what to do, and documents itself.

What needs minutes (a bare machine, an interrupted first run) is not tried here; its
parts are: each shell function can be called alone.
"""

import os
import re
import shlex
import shutil
import socket
import subprocess
from pathlib import Path

import pytest

REPOSITORY = Path(__file__).resolve().parents[2]
DEV = REPOSITORY / "dev"
PARTS = sorted(REPOSITORY.glob(".dev.d/*.sh"))
COMMANDS = [
    "run",
    "test",
    "check",
    "bench",
    "manage",
    "psql",
    "stop",
    "reset",
    "lock",
    "help",
]
HOW_TO = REPOSITORY / "docs/how-to/run.md"


def dev(*arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run ./dev in this checkout; only for calls that end before they change anything."""
    return subprocess.run(
        [str(DEV), *arguments],
        env={**os.environ, **environment},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """Return a copy of ./dev with its parts and the lock files, and nothing set up."""
    shutil.copytree(REPOSITORY / ".dev.d", tmp_path / ".dev.d")
    for name in ("dev", "requirements.lock", "requirements-dev.lock"):
        shutil.copy(REPOSITORY / name, tmp_path)
    (tmp_path / "layers/web").mkdir(parents=True)
    return tmp_path


def call(
    checkout: Path, script: str, **environment: str
) -> subprocess.CompletedProcess[str]:
    """Run a few lines that see all functions of ./dev, as if a command ran them."""
    whole = (checkout / "dev").read_text(encoding="utf-8").replace('main "$@"', script)
    (checkout / "called").write_text(whole, encoding="utf-8")
    own = {k: v for k, v in os.environ.items() if k not in ("DATABASE_URL", "CHROMIUM")}
    return subprocess.run(
        ["bash", str(checkout / "called")],
        env={**own, "DEV_COMMAND": "called", **environment},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )


# --- It documents itself ----------------------------------------------------------


@pytest.mark.parametrize("part", [DEV, REPOSITORY / ".ci/run", *PARTS], ids=str)
def test_every_part_is_valid_shell(part: Path) -> None:
    checked = subprocess.run(
        ["bash", "-n", str(part)], capture_output=True, text=True, check=False
    )
    assert checked.stderr == ""


@pytest.mark.skipif(not shutil.which("shellcheck"), reason="shellcheck is not here")
def test_shellcheck_finds_nothing() -> None:
    # SC1091: parts are looked at beside it; SC2034: a variable of one part is another's.
    checked = subprocess.run(
        ["shellcheck", "-s", "bash", "-e", "SC1091,SC2034", DEV, *PARTS],
        capture_output=True,
        text=True,
        check=False,
    )
    assert checked.stdout == ""


def test_help_names_every_command() -> None:
    listed = re.findall(r"^  ([a-z]+) ", dev("help").stdout, re.M)
    assert listed == COMMANDS


def test_every_command_exists() -> None:
    dispatch = re.search(r"^ {8}([a-z |]+)\) \"command_", DEV.read_text(), re.M)
    assert dispatch
    assert {*dispatch[1].split(" | "), "help"} == set(COMMANDS)


@pytest.mark.parametrize("command", COMMANDS)
def test_the_how_to_explains_every_command(command: str) -> None:
    assert f"./dev {command}" in HOW_TO.read_text(encoding="utf-8")


def test_the_how_to_lists_every_variable_that_dev_reads() -> None:
    text = "\n".join(p.read_text(encoding="utf-8") for p in [DEV, *PARTS])
    own = {"EPOCHREALTIME", "BASH_SOURCE", "HOME", "PATH"}
    read = set(re.findall(r"\$\{([A-Z_]+):[-+]", text)) - own
    made_here = set(re.findall(r"^(?:    )?([A-Z_]+)=", text, re.M))
    listed = set(
        re.findall(r"^\| `([A-Z_]+)` \|", HOW_TO.read_text(encoding="utf-8"), re.M)
    )
    assert read - made_here <= listed


# --- Wrong use --------------------------------------------------------------------


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["frobnicate"], "no command 'frobnicate'"),
        (["run", "--prot", "1"], "does not know '--prot'"),
        (["run", "--port"], "--port needs a number"),
        (["run", "--port", "http"], "--port 'http' is no port"),
        (["run", "--port", "0"], "--port '0' is no port"),
        (["run", "--port", "65536"], "--port '65536' is no port"),
        (["run", "--port", "٨٠٠٠"], "is no port"),
        (["run", "--host", "a b"], "--host 'a b' is no address"),
        (["run", "--host", "$(id)"], "is no address"),
        (["check", "fast"], "takes no arguments"),
        (["stop", "all"], "takes no arguments"),
        (["lock", "x"], "takes no arguments"),
        (["reset", "--force"], "does not know '--force'"),
    ],
)
def test_wrong_use_is_refused_in_words(arguments: list[str], says: str) -> None:
    answer = dev(*arguments)
    assert answer.returncode == 1
    assert says in answer.stderr


def test_a_port_in_use_is_named_with_its_holder_and_another_port() -> None:
    with socket.create_server(("127.0.0.1", 0)) as holder:
        port = holder.getsockname()[1]
        answer = dev("run", "--port", str(port))
    assert answer.returncode == 1
    assert f"Port {port} is in use by process {os.getpid()}" in answer.stderr
    assert f"--port {port + 1}" in answer.stderr


def test_reset_deletes_nothing_when_nobody_can_be_asked(checkout: Path) -> None:
    (checkout / ".data").mkdir()
    answer = call(checkout, "command_reset")
    assert answer.returncode == 1
    assert "./dev reset --yes" in answer.stderr
    assert (checkout / ".data").is_dir()


def test_reset_deletes_what_dev_made(checkout: Path) -> None:
    for made in (".data/state", ".venv/bin", "layers/web/node_modules"):
        (checkout / made).mkdir(parents=True)
    assert call(checkout, "command_reset --yes").returncode == 0
    assert not (checkout / ".data").exists()
    assert (checkout / ".venv").exists()
    assert call(checkout, "command_reset --yes --all").returncode == 0
    assert not (checkout / ".venv").exists()
    assert not (checkout / "layers/web/node_modules").exists()


# --- Machines that lack something -------------------------------------------------

LACKING = """
    is_root() { false; }
    pick_postgres() { return 1; }
    find_chromium() { return 1; }
    has_fonts() { false; }
    has_gdal() { false; }
    has_libatomic() { false; }
    has_pango() { false; }
    has_harfbuzz_subset() { false; }
    has_gdal_tools() { false; }
    has_qgis() { false; }
    pick_python() { return 1; }
    postgres_package() { echo postgresql-15-postgis-3; }
    open_data; plan 7;
"""
PANGO = "libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0"
RUN_NEEDS = f"python3 python3-venv postgresql-15-postgis-3 {PANGO}"


def test_an_ordinary_user_is_given_the_one_line(checkout: Path) -> None:
    answer = call(checkout, f"{LACKING} can_sudo() {{ false; }}; system_packages run")
    assert answer.returncode == 1
    line = "apt-get update && apt-get install -y --no-install-recommends " + RUN_NEEDS
    assert [row for row in answer.stderr.splitlines() if line in row]


def test_tests_need_a_browser_and_fonts_too(checkout: Path) -> None:
    answer = call(checkout, f"{LACKING} can_sudo() {{ false; }}; system_packages test")
    assert (
        f"{RUN_NEEDS} chromium fonts-noto-core libatomic1 gdal-bin python3-qgis"
        in answer.stderr
    )


def test_with_a_database_elsewhere_no_server_is_installed(checkout: Path) -> None:
    script = f"{LACKING} can_sudo() {{ false; }}; system_packages run"
    answer = call(checkout, script, DATABASE_URL="postgres://x@y/z")
    assert "postgresql" not in answer.stderr
    assert f"python3 python3-venv gdal-bin {PANGO}" in answer.stderr


def test_sudo_without_a_password_installs(checkout: Path) -> None:
    (checkout / "bin").mkdir()
    sudo = checkout / "bin/sudo"
    sudo.write_text('#!/bin/sh\necho "$@" >>"$CALLS"\n')
    sudo.chmod(0o755)
    calls = checkout / "calls"
    answer = call(
        checkout,
        f"{LACKING} system_packages run",
        PATH=f"{sudo.parent}:{os.environ['PATH']}",
        CALLS=str(calls),
    )
    assert re.search(rf"apt-get .*install .*{RUN_NEEDS}", calls.read_text())
    # The stub installed nothing, and ./dev looks again rather than believe it.
    assert answer.returncode == 1
    assert "still missing" in answer.stderr


def test_a_machine_without_apt_is_told_what_is_needed(checkout: Path) -> None:
    hide = 'command() { [ "$2" != apt-get ] && builtin command "$@"; }'
    answer = call(checkout, f"{LACKING} {hide}; system_packages run")
    assert answer.returncode == 1
    assert "PostGIS >= 3.3" in answer.stderr
    assert "no apt-get" in answer.stderr


def test_a_full_disk_is_named_before_anything_is_made(checkout: Path) -> None:
    script = "free_mb() { echo 12; }; npm_path() { return 1; }; open_data; need_space_for runtime"
    answer = call(checkout, script)
    assert answer.returncode == 1
    assert "1400 MB" in answer.stderr
    assert "12 MB are free" in answer.stderr
    assert not (checkout / ".venv").exists()


# --- Interrupted work ---------------------------------------------------------------


def test_a_half_made_environment_is_not_trusted(checkout: Path) -> None:
    script = (
        'python3 -m venv --without-pip "$VENV"; mkdir -p "$VENV/lib/pip";'
        'touch "$VENV/.half-made"; venv_works && echo trusted || echo broken'
    )
    assert call(checkout, script).stdout.strip() == "broken"


def test_an_environment_whose_python_is_gone_is_not_trusted(checkout: Path) -> None:
    (checkout / ".venv/bin").mkdir(parents=True)
    (checkout / ".venv/bin/python").symlink_to("/nonexistent/python3")
    script = "venv_works && echo trusted || echo broken"
    assert call(checkout, script).stdout.strip() == "broken"


def test_a_mark_holds_only_while_nothing_changed(checkout: Path) -> None:
    script = (
        'mark "$ROOT/m" "$(fingerprint "$ROOT/requirements.lock")";'
        'is_marked "$ROOT/m" "$(fingerprint "$ROOT/requirements.lock")" && echo same;'
        'echo x >>"$ROOT/requirements.lock";'
        'is_marked "$ROOT/m" "$(fingerprint "$ROOT/requirements.lock")" || echo changed;'
        'is_marked "$ROOT/none" x || echo missing'
    )
    assert call(checkout, script).stdout.split() == ["same", "changed", "missing"]


def test_a_second_set_up_waits_and_says_for_whom(checkout: Path) -> None:
    hold = (
        f"mkdir -p {shlex.quote(str(checkout))}/.data; exec 7>>.data/dev.lock; flock 7"
    )
    script = f'cd "$ROOT"; {hold}; DEV_COMMAND=check; open_data'
    answer = call(checkout, script, DEV_LOCK_WAIT="0.2")
    assert answer.returncode == 1
    assert "Another ./dev is setting up" in answer.stdout
    assert "still at work" in answer.stderr


def test_a_failed_step_shows_its_output_and_the_way_on(checkout: Path) -> None:
    answer = call(checkout, "open_data; logged x sh -c 'echo the cause; exit 3'")
    assert answer.returncode == 1
    assert "the cause" in answer.stderr
    assert "goes on from here" in answer.stderr


def test_a_cluster_of_a_version_that_is_gone_is_named(checkout: Path) -> None:
    script = (
        "open_data; place_cluster; cluster_version() { echo 11; };"
        "DATABASE_URL=; start_cluster"
    )
    answer = call(checkout, script)
    assert answer.returncode == 1
    assert "made by PostgreSQL 11" in answer.stderr
    assert "./dev reset" in answer.stderr


# --- Where nobody types -------------------------------------------------------------


def ci(checkout: Path, *, failing: str) -> tuple[int, list[str]]:
    """Run .ci/run with a ./dev that only notes its calls; return status and calls."""
    shutil.copytree(REPOSITORY / ".ci", checkout / ".ci")
    stub = f'#!/bin/sh\necho "$*" >>calls; cat >>calls; [ "$1" != "{failing}" ]\n'
    (checkout / "dev").write_text(stub, encoding="utf-8")
    ran = subprocess.run(
        ["bash", ".ci/run"],
        cwd=checkout,
        input="typed by nobody\n",
        capture_output=True,
        text=True,
        check=False,
    )
    return ran.returncode, (checkout / "calls").read_text().splitlines()


def test_ci_runs_checks_and_tests_and_leaves_nothing(checkout: Path) -> None:
    assert ci(checkout, failing="none") == (0, ["check", "test", "reset --yes"])


@pytest.mark.parametrize("failing", ["check", "test"])
def test_ci_fails_with_either_and_runs_both(checkout: Path, failing: str) -> None:
    status, calls = ci(checkout, failing=failing)
    assert status == 1
    assert calls[:2] == ["check", "test"]


def test_ci_keeps_the_city_that_was_there_before(checkout: Path) -> None:
    (checkout / ".data").mkdir()
    assert ci(checkout, failing="none")[1][-1] == "stop"


# --- What must stay private -----------------------------------------------------------


def test_the_secret_key_is_made_once_and_only_its_owner_reads_it(
    checkout: Path,
) -> None:
    script = 'open_data; secret_key; cat "$DATA/secret_key"'
    first, second = call(checkout, script).stdout, call(checkout, script).stdout
    assert len(first) == 64  # 48 random bytes in base64
    assert first == second
    assert (checkout / ".data/secret_key").stat().st_mode & 0o777 == 0o600


def test_the_cluster_is_reached_by_its_socket_only(checkout: Path) -> None:
    settings = call(
        checkout, "SOCKET_DIR=/run/x; OWNER=nobody; cluster_settings"
    ).stdout
    assert "listen_addresses = ''" in settings
    assert "fsync" not in settings  # stays on
    assert "log_min_error_statement = panic" in settings


def test_a_long_or_odd_path_gets_a_short_socket(checkout: Path) -> None:
    for odd in ("/x" * 60, "/home/ανθή/geo", "/home/a b/geo"):
        script = f"DATA={shlex.quote(odd)}; is_root() {{ false; }}; place_cluster; echo $SOCKET_DIR"
        found = call(checkout, script).stdout.strip()
        assert re.fullmatch(r"/tmp/geo-accmr-[\w-]+", found)  # noqa: S108 (the path said)
        assert len(f"{found}/.s.PGSQL.5432") < 107


def test_the_server_writes_no_access_log() -> None:
    for path in (".dev.d/serve.sh", "Dockerfile"):
        assert "--access-log" not in (REPOSITORY / path).read_text(encoding="utf-8")


def test_a_password_is_never_printed(checkout: Path) -> None:
    for url in ("mysql://u:geheim@h/x", "postgres://u:geheim@127.0.0.1:1/x"):
        answer = subprocess.run(
            [os.sys.executable, REPOSITORY / ".dev.d/database.py", "check"],  # type: ignore[attr-defined]
            env={**os.environ, "DATABASE_URL": url},
            capture_output=True,
            text=True,
            check=False,
        )
        assert answer.returncode == 1
        assert "DATABASE_URL" in answer.stderr
        assert "geheim" not in answer.stderr + answer.stdout


# --- One truth in two places ------------------------------------------------------------


def test_the_database_check_asks_for_what_the_migrations_create() -> None:
    script = (REPOSITORY / ".dev.d/database.py").read_text(encoding="utf-8")
    asked = re.search(r"EXTENSIONS = \((.+)\)", script)
    made = "".join(
        path.read_text(encoding="utf-8")
        for path in (REPOSITORY / "layers/migrations").glob("0*.py")
    )
    names = {
        "TrigramExtension": "pg_trgm",
        "BtreeGistExtension": "btree_gist",
        "UnaccentExtension": "unaccent",
    }
    created = {names[call_] for call_ in re.findall(r"^ +(\w+)\(\),", made, re.M)}
    created |= set(re.findall(r'CreateExtension\("(\w+)"\)', made))
    assert asked
    assert set(re.findall(r'"(\w+)"', asked[1])) == created
