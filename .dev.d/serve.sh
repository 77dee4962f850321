# The web server in the foreground: Ctrl-C stops it, the database goes on for a quick next start.
# shellcheck shell=bash

server_file() { printf '%s/server-%s.pid' "$DATA" "$1"; } # PORT: where the server's process number stands

port_holder() { # PORT: who listens there, as far as this user may know
    local hex inode pid
    hex=$(printf '%04X' "$1")
    inode=$(awk -v port=":$hex" '$4 == "0A" && substr($2, length($2) - 4) == port { print $10; exit }' /proc/net/tcp /proc/net/tcp6 2>/dev/null)
    [ -n "$inode" ] || return 1
    pid=$(find /proc/[0-9]*/fd -maxdepth 1 -lname "socket:\[$inode\]" -print -quit 2>/dev/null | cut -d/ -f3 || true)
    if [ -z "$pid" ]; then
        printf 'a process of another user'
    else
        printf 'process %s (%s)' "$pid" "$(tr '\0' ' ' <"/proc/$pid/cmdline" 2>/dev/null | cut -c1-80 | sed 's/ *$//')"
    fi
}

server_process() { # FILE: prints the number of this checkout's own server, if it runs
    local pid
    pid=$(cat "$1" 2>/dev/null) || return 0
    if [ "$(readlink "/proc/$pid/cwd" 2>/dev/null)" = "$ROOT" ] && grep -q gunicorn "/proc/$pid/cmdline" 2>/dev/null; then printf '%s' "$pid"; fi
}

worker_file() { printf '%s/worker-%s.pid' "$DATA" "$1"; } # PORT: where the keeper of its worker stands

worker_process() { # FILE: prints the number of the keeper of a worker, if it runs
    local pid
    pid=$(cat "$1" 2>/dev/null) || return 0
    if [ "$(readlink "/proc/$pid/cwd" 2>/dev/null)" = "$ROOT" ] && grep -qz '/dev$\|^dev$' "/proc/$pid/cmdline" 2>/dev/null; then printf '%s' "$pid"; fi
}

keep_worker() { # PORT: answers queued analyses beside the server, and is begun anew when it dies
    local pid="" begun pause=1
    # The keeper ends with the server it stands beside, also where that was killed.
    trap 'trap - TERM INT HUP; [ -z "$pid" ] || { kill -TERM "$pid" 2>/dev/null; wait "$pid" 2>/dev/null; }; exit 0' TERM INT HUP
    while kill -0 "$2" 2>/dev/null; do
        begun=$SECONDS
        "$VENV/bin/python" "$ROOT/manage.py" work >>"$DATA/log/worker.log" 2>&1 &
        pid=$!
        while kill -0 "$pid" 2>/dev/null; do
            kill -0 "$2" 2>/dev/null || kill -TERM "$pid" 2>/dev/null
            sleep 1 &
            wait $! || true
        done
        pid=""
        if [ $((SECONDS - begun)) -gt 60 ]; then pause=1; elif [ "$pause" -lt 60 ]; then pause=$((pause * 2)); fi
        sleep "$pause" &
        wait $! || true
    done
}

check_port() { # HOST PORT
    local holder own
    if holder=$(port_holder "$2"); then
        own=$(server_process "$(server_file "$2")")
        if [ -n "$own" ] && [[ $holder == "process $own "* ]]; then
            fail "Port $2 is in use: GeoACCMR of this checkout already serves there (process $own): http://$(url_host "$1"):$2/" \
                "./dev stop ends it; ./dev run --port $(($2 + 1)) serves a second one beside it."
        fi
        fail "Port $2 is in use by $holder." "Stop that, or choose another port: ./dev run --port $(($2 + 1))"
    fi
    if [ "$2" -lt 1024 ] && ! is_root && [ "$2" -lt "$(cat /proc/sys/net/ipv4/ip_unprivileged_port_start 2>/dev/null || echo 1024)" ]; then
        fail "Port $2 may be opened by root only. Choose one from 1024 up: ./dev run --port 8000"
    fi
}

url_host() { # HOST: as a browser on this machine writes it
    case $1 in
        0.0.0.0 | '') printf '127.0.0.1' ;;
        ::) printf '[::1]' ;;
        *:*) printf '[%s]' "$1" ;;
        *) printf '%s' "$1" ;;
    esac
}

bind_address() { # HOST PORT: as gunicorn writes it
    if [[ $1 == *:* ]]; then printf '[%s]:%s' "$1" "$2"; else printf '%s:%s' "$1" "$2"; fi
}

allow_host() { # HOST: served under a name of its own, Django must know it
    case $1 in
        127.0.0.1 | localhost | ::1) ;;
        0.0.0.0 | ::)
            export ALLOWED_HOSTS=${ALLOWED_HOSTS:-*}
            say "Anyone who reaches this machine reaches the pages now. ALLOWED_HOSTS names the host names to answer to." ;;
        *) export ALLOWED_HOSTS=${ALLOWED_HOSTS:-$1,127.0.0.1,localhost} ;;
    esac
}

serve() { # HOST PORT
    local host=$1 port=$2 url server worker
    url=http://$(url_host "$host"):$port
    allow_host "$host"
    # No access log, and no warnings, which quote a request that cannot be read: the query of a
    # nearest request is the place of the person who asks.
    "$VENV/bin/python" -m gunicorn geo_accmr.wsgi:application --bind "$(bind_address "$host" "$port")" \
        --workers "${WEB_CONCURRENCY:-2}" --worker-class geo_accmr.worker.Worker --threads 4 --timeout 60 --graceful-timeout 5 \
        --worker-tmp-dir "$(heartbeat_directory)" --no-control-socket --limit-request-line 8190 --pid "$(server_file "$port")" --log-level error &
    server=$!
    trap 'kill -TERM $server 2>/dev/null' TERM INT HUP
    if ! wait_until_up "$host" "$port" "$server"; then
        kill -TERM "$server" 2>/dev/null
        wait "$server" 2>/dev/null
        fail "The server did not start (its own words stand above)."
    fi
    end
    stop_worker "$(worker_file "$port")" # of a server that was killed
    keep_worker "$port" "$server" &
    worker=$!
    printf '%s\n' "$worker" >"$(worker_file "$port")"
    trap 'kill -TERM $server $worker 2>/dev/null' TERM INT HUP
    welcome "$url"
    local status=0
    wait "$server" || status=$?
    while kill -0 "$server" 2>/dev/null; do wait "$server" || status=$?; done # a signal ends `wait` early
    rm -f "$(server_file "$port")"
    stop_worker "$(worker_file "$port")"
    say "" "Stopped."
    if [ -n "${PGDATA:-}" ] && [ -n "$(cluster_process)" ]; then
        say "The private database goes on for a quick next start; ./dev stop ends it, too."
    fi
    case $status in 0 | 130 | 143) ;; *) exit "$status" ;; esac
}

heartbeat_directory() { if [ -w /dev/shm ]; then printf /dev/shm; else printf '%s' "$DATA"; fi; }

wait_until_up() { # HOST PORT PROCESS: until it answers one request
    local answer host=$1
    case $1 in 0.0.0.0 | '') host=127.0.0.1 ;; ::) host=::1 ;; esac
    for _ in $(seq 600); do
        kill -0 "$3" 2>/dev/null || return 1
        if answer=$(ask "$host" "$2" 2>/dev/null) && [[ $answer == HTTP/* ]]; then return; fi
        sleep 0.05
    done
    return 1
}

ask() { # HOST PORT: the first line of the answer to /healthz
    local line
    exec 3<>"/dev/tcp/$1/$2" || return 1
    printf 'GET /healthz HTTP/1.0\r\nHost: localhost\r\n\r\n' >&3
    IFS= read -r -t 20 line <&3
    exec 3>&-
    printf '%s' "$line"
}

welcome() { # URL
    say "" "GeoACCMR is up after $(seconds_since "$STARTED") s. Open:" \
        "    $1/en/                     where is the nearest service? ($1/el/ in Greek)" \
        "    $1/en/committees/health    who is not reached?" \
        "    $1/api/v1/                 the same for programs; its description: $1/api/v1/docs" \
        "Ctrl-C stops the server." ""
}
