# The commands of ./dev, each a short list of the steps above.
# shellcheck shell=bash

set_up_for() { # PACKAGES (run, test) SET (runtime, dev): the steps every command begins with
    open_data
    need_space_for "$2"
    system_packages "$1"
    python_packages "$2"
    front_end_files "$2"
    database
    django_settings
    translations
}

need_space_for() { # SET: what is not there yet, with room to unpack it; measured, and rounded up
    local needed=100
    [ -x "$VENV/bin/python" ] || needed=$((needed + 600))
    npm_path >/dev/null || needed=$((needed + 250))
    [ -x "$VENV/bin/mypy" ] || [ "$1" = runtime ] || needed=$((needed + 400))
    [ -d "$WEB/node_modules" ] || needed=$((needed + 150))
    [ -n "${DATABASE_URL:-}" ] || [ -d "$DATA/cluster" ] || needed=$((needed + 300))
    need_space "$ROOT" "$needed" "setting up"
}

command_run() {
    local host=127.0.0.1 asked=8000 port
    while [ $# -gt 0 ]; do
        case $1 in
            --port) asked=${2:-}; shift 2 || fail "--port needs a number." ;;
            --port=*) asked=${1#*=}; shift ;;
            --host) host=${2:-}; shift 2 || fail "--host needs an address." ;;
            --host=*) host=${1#*=}; shift ;;
            *) fail "./dev run does not know '$1'. It takes --port N and --host H." ;;
        esac
    done
    port=$(whole_number "$asked") || fail "--port '$asked' is no port: give a whole number from 1 to 65535."
    [[ $host =~ ^[A-Za-z0-9.:-]+$ ]] || fail "--host '$host' is no address of this machine: give one such as 127.0.0.1 or 0.0.0.0."
    check_port "$host" "$port"
    plan 7
    set_up_for run runtime
    demo_city
    static_files
    close_data
    begin "Server"
    check_port "$host" "$port" # the first run took minutes
    serve "$host" "$port"
}

whole_number() { # TEXT: printed without leading zeros if it can be a port
    [[ $1 =~ ^[0-9]{1,5}$ ]] || return 1
    local number=$((10#$1))
    [ "$number" -ge 1 ] && [ "$number" -le 65535 ] && printf '%d' "$number"
}

command_test() {
    plan 5
    set_up_for test dev
    use_node # some tests run the JavaScript checker
    close_data
    begin "Tests"
    exec 8>>"$DATA/test.lock"
    if ! flock -n 8; then
        doing "waiting for another ./dev test of this checkout, they would share the test database"
        flock -w "${DEV_LOCK_WAIT:-1800}" 8 || fail "The other ./dev test is still at work."
    fi
    test_settings
    local status=0
    "$VENV/bin/python" -m pytest "$@" || status=$?
    say ""
    case $status in
        0) end "passed" ;;
        5) end "no test was chosen by: $*" ;;
        *) end "FAILED (pytest ended with $status)" ;;
    esac
    exit "$status"
}

test_settings() { # the same whatever the caller's shell holds
    export DEBUG=1 SECRET_KEY=for-tests-only-and-long-enough-to-be-accepted
    export STATICFILES_BACKEND=django.contrib.staticfiles.storage.StaticFilesStorage
    CHROMIUM=$(find_chromium) && export CHROMIUM
    unset ALLOWED_HOSTS LOG_LEVEL
}

CHECKS=("ruff check" "ruff format" "mypy" "import rules" "JavaScript types" "migrations" "Django's checks")

run_check() { # NAME
    case $1 in
        "ruff check") "$VENV/bin/python" -m ruff check . ;;
        "ruff format") "$VENV/bin/python" -m ruff format --check --diff . ;;
        mypy) "$VENV/bin/python" -m mypy ;;
        "import rules") "$VENV/bin/lint-imports" --no-cache ;;
        "JavaScript types") check_javascript ;;
        migrations) "$VENV/bin/python" manage.py makemigrations --check --dry-run ;;
        "Django's checks") "$VENV/bin/python" -W error manage.py check --fail-level WARNING ;;
    esac
}

check_javascript() {
    compgen -G "$WEB/static/**/*.js" >/dev/null || compgen -G "$WEB/static/*/*.mjs" >/dev/null || { say "There is no JavaScript yet."; return; }
    use_node && npm --prefix "$WEB" run --silent check
}

command_check() {
    [ $# -eq 0 ] || fail "./dev check takes no arguments."
    plan $((4 + ${#CHECKS[@]}))
    set_up_for run dev
    close_data
    test_settings
    local name failed=()
    for name in "${CHECKS[@]}"; do
        begin "$name"
        if run_check "$name" >"$DATA/log/check.log" 2>&1; then
            end "passed"
        else
            cat "$DATA/log/check.log"
            end "FAILED"
            failed+=("$name")
        fi
    done
    if [ ${#failed[@]} -gt 0 ]; then
        fail "" "./dev check failed: $(IFS=,; printf '%s' "${failed[*]}")"
    fi
    say "" "All $((${#CHECKS[@]})) checks passed in $(seconds_since "$STARTED") s."
}

command_bench() {
    plan 4
    set_up_for run dev
    close_data
    exec "$VENV/bin/python" -m tests.bench "$@"
}

command_manage() { # what manage.py prints goes on alone, for pipes
    plan 4
    set_up_for run runtime >&2
    close_data
    exec "$VENV/bin/python" manage.py "$@"
}

command_psql() {
    plan 1
    if [ -n "${DATABASE_URL:-}" ]; then
        command -v psql >/dev/null || fail "psql is not on this machine: install postgresql-client."
        exec psql "${DATABASE_URL/#postgis:/postgres:}" "$@"
    fi
    open_data
    pick_postgres >/dev/null || fail "There is no PostgreSQL with PostGIS yet: ./dev run sets it up."
    begin "Database"
    start_cluster >&2
    close_data
    exec "$BIN/psql" "$DATABASE_URL" "$@"
}

command_stop() {
    [ $# -eq 0 ] || fail "./dev stop takes no arguments."
    stop_all
}

stop_all() {
    stop_server
    stop_cluster
}

stop_server() { # on every port
    local file stopped=""
    for file in "$DATA"/server-*.pid; do
        if [ -n "$(server_process "$file")" ]; then
            stop_process "$(server_process "$file")"
            stopped=1
        fi
        rm -f "$file"
    done
    for file in "$DATA"/worker-*.pid; do stop_worker "$file"; done
    if [ -n "$stopped" ]; then say "The server is stopped."; else say "The server does not run."; fi
}

stop_worker() { # FILE: its keeper, and with that the worker; a question it answers goes on at the next start
    local pid
    pid=$(worker_process "$1")
    [ -z "$pid" ] || stop_process "$pid"
    rm -f "$1"
}

stop_process() { # NUMBER
    local pid=$1
    kill -TERM "$pid" || fail "The server (process $pid) belongs to $(stat -c %U "/proc/$pid"): stop it as that user."
    for _ in $(seq 100); do
        [ -d "/proc/$pid" ] || break
        sleep 0.1
    done
    [ ! -d "/proc/$pid" ] || kill -KILL "$pid"
}

stop_cluster() {
    [ -d "$DATA" ] && place_cluster
    if [ ! -d "$DATA" ] || [ -z "$(cluster_process)" ]; then
        say "The private database does not run."
        return
    fi
    BIN=$(pick_postgres "$(cluster_version)") || fail "PostgreSQL $(cluster_version) is gone from this machine; its server is process $(cluster_process)."
    halt_cluster || fail "PostgreSQL (process $(cluster_process)) does not stop."
    rm -rf "$SOCKET_DIR"
    say "The private database is stopped."
}

command_reset() {
    local yes="" all=""
    while [ $# -gt 0 ]; do
        case $1 in
            --yes | -y) yes=1 ;;
            --all) all=1 ;;
            *) fail "./dev reset does not know '$1'. It takes --yes and --all." ;;
        esac
        shift
    done
    local gone=("$DATA")
    if [ -n "$all" ]; then gone+=("$VENV" "$WEB/node_modules"); fi
    if [ -d "$DATA" ]; then
        place_cluster
        [ "$PLACE" = "$DATA" ] || gone+=("$PLACE")
    fi
    confirm_reset "$yes" "${gone[@]}"
    stop_all
    rm -rf "${gone[@]}" || fail "Not all of it could be deleted: it belongs to another user. Run ./dev reset as root."
    rmdir --ignore-fail-on-non-empty /var/lib/geo-accmr 2>/dev/null || true
    say "Deleted. ./dev run starts anew."
}

confirm_reset() { # YES PATH…
    local yes=$1 answer=""
    shift
    [ -z "$yes" ] || return 0
    say "This deletes the private database with all that was entered, and:" "${@/#/    }" "A database in DATABASE_URL is not touched."
    [ -t 0 ] || fail "Nobody is there to ask: say ./dev reset --yes."
    read -r -p "Delete? [y/N] " answer
    [[ $answer == [yY]* ]] || fail "Nothing was deleted."
}

command_lock() { # resolve anew; no file may name a registry, whatever this machine is set up to use
    [ $# -eq 0 ] || fail "./dev lock takes no arguments."
    plan 4
    open_data
    system_packages run
    local uv=$DATA/lock-venv
    begin "Resolver"
    doing "installing uv in a throw-away environment"
    rm -rf "$uv"
    logged lock-venv "$(pick_python)" -I -m venv "$uv"
    logged lock-uv "$uv/bin/python" -m pip install uv
    end
    begin "Python lock files"
    lock_python "$uv/bin/uv"
    rm -rf "$uv"
    end
    begin "JavaScript lock file"
    use_node
    logged lock-npm npm --prefix "$WEB" install --package-lock-only --ignore-scripts --omit-lockfile-registry-resolved --no-audit --no-fund
    sed -i '/^ *"resolve[d]":/d' "$WEB/package-lock.json"
    end
    close_data
}

lock_python() { # UV
    local compile=("$1" pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-header --no-emit-index-url --no-emit-find-links --upgrade)
    logged lock-runtime "${compile[@]}" pyproject.toml -o requirements.lock
    logged lock-dev "${compile[@]}" pyproject.toml --extra dev -c requirements.lock -o requirements-dev.lock
    logged lock-node "${compile[@]}" .dev.d/node.in -o .dev.d/node.lock
}
