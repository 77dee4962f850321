# What ./dev remembers in .data: one lock against a second ./dev, and marks of what is finished.
# A mark holds the fingerprint of all that its step depends on, so "finished" means "and nothing changed".
# shellcheck shell=bash

open_data() { # make .data and keep a second ./dev out of the set-up
    if ! mkdir -p "$DATA/log" "$DATA/state" 2>/dev/null || [ ! -w "$DATA/state" ]; then
        fail "$DATA cannot be written by $(id -un 2>/dev/null || id -u)." \
            "It belongs to $(stat -c %U "$DATA" 2>/dev/null || stat -c %U "$ROOT"): run ./dev as that user, or delete $DATA."
    fi
    ensure_home
    exec 9>>"$DATA/dev.lock"
    if ! flock -n 9; then
        say "Another ./dev is setting up in this checkout ($(cat "$DATA/dev.holder" 2>/dev/null || true)). Waiting for it (Ctrl-C gives up) …"
        flock -w "${DEV_LOCK_WAIT:-1800}" 9 || fail "The other ./dev is still at work. Wait for it to end, or end it."
    fi
    printf 'process %d: ./dev %s\n' $$ "$DEV_COMMAND" >"$DATA/dev.holder"
    trap 'say "" "Interrupted. Run the same ./dev command again: it goes on from here." >&2; exit 130' INT TERM
}

close_data() { # set-up is over: let others in
    rm -f "$DATA/dev.holder"
    exec 9>&-
    trap - INT TERM
}

ensure_home() { # pip and npm want a home to keep their downloads in
    if [ -z "${HOME:-}" ] || [ ! -d "$HOME" ] || [ ! -w "$HOME" ]; then
        mkdir -p "$DATA/home"
        export HOME=$DATA/home
    fi
}

fingerprint() { # PATH…: of the names and contents of all files there; missing paths count as empty
    { find "$@" -type f ! -name '*.pyc' -print0 2>/dev/null || true; } | sort -z | xargs -0 -r sha256sum | sha256sum | cut -c1-64
}

is_marked() { # FILE FINGERPRINT
    [ -f "$1" ] && [ "$(<"$1")" = "$2" ]
}

mark() { # FILE FINGERPRINT: in one rename, so that a mark is there or not, never half
    printf '%s\n' "$2" >"$1.new"
    mv -f "$1.new" "$1"
}

free_mb() { # DIRECTORY (or its nearest existing parent): what an ordinary write can still use
    local dir=$1
    while [ ! -d "$dir" ]; do dir=$(dirname "$dir"); done
    df -Pm "$dir" | awk 'NR == 2 { print $4 }'
}

need_space() { # DIRECTORY MEGABYTES PURPOSE
    local free
    free=$(free_mb "$1")
    if [ "$free" -lt "$2" ]; then
        fail "The disk is too full: $3 needs about $2 MB below $1, and $free MB are free." \
            "Make room and run the same command again; nothing was left half-made."
    fi
}
