# The private PostGIS cluster: a unix socket only its owner (and root) can reach, no password, no port.
# PostgreSQL refuses to run as root, so root hands it to an unprivileged user.
# shellcheck shell=bash

ROLE=geoaccmr

pick_postgres() { # [VERSION]: prints the program directory of the newest PostgreSQL that has PostGIS
    local bin version
    for bin in $(printf '%s\n' /usr/lib/postgresql/*/bin "$(pg_config --bindir 2>/dev/null)" | sort -t/ -k5,5rn); do
        [ -x "$bin/initdb" ] || continue
        version=$("$bin/postgres" --version | sed -nE 's/^.*\) ([0-9]+).*/\1/p')
        if [ "${1:-$version}" = "$version" ] && [ "$version" -ge "$MIN_POSTGRES" ] && has_postgis "$bin" "$version"; then
            printf '%s' "$bin"
            return
        fi
    done
    return 1
}

has_postgis() { # BIN VERSION
    [ -e "/usr/share/postgresql/$2/extension/postgis.control" ] ||
        [ -e "$("$1/pg_config" --sharedir 2>/dev/null)/extension/postgis.control" ]
}

place_cluster() { # who owns it and where it lies; sets OWNER, PLACE, PGDATA, SOCKET_DIR
    OWNER=$(id -un 2>/dev/null) || fail "User number $(id -u) has no name on this machine, and PostgreSQL refuses such a user." \
        "Give it an entry in /etc/passwd, or set DATABASE_URL."
    if is_root; then
        OWNER=nobody
        id postgres >/dev/null 2>&1 && OWNER=postgres
    fi
    PLACE=$DATA
    if [ ! -d "$DATA/cluster" ] && is_root && ! as_owner test -x "$DATA"; then
        # The checkout lies where that user may not go (below /root, say).
        PLACE=/var/lib/geo-accmr/$CHECKOUT_ID
        mark "$DATA/cluster-location" "$PLACE"
    fi
    PGDATA=$PLACE/cluster
    # Root goes on with, stops and deletes the cluster of whoever made it.
    if is_root && [ -d "$PGDATA" ]; then OWNER=$(stat -c %U "$PGDATA"); fi
    SOCKET_DIR=$PLACE/socket
    # A socket's path may have 107 bytes, and these characters need no quoting anywhere.
    if [ ${#SOCKET_DIR} -gt 88 ] || [[ $SOCKET_DIR == *[!A-Za-z0-9/._-]* ]]; then
        SOCKET_DIR=/tmp/geo-accmr-$OWNER-$CHECKOUT_ID
        if is_root; then SOCKET_DIR=/run/geo-accmr-$CHECKOUT_ID; fi
    fi
}

as_owner() { # COMMAND…: as the cluster's user, from a directory that it can read, without our lock
    if is_root; then
        (cd / && exec setpriv --reuid="$OWNER" --regid="$(id -gn "$OWNER")" --init-groups -- "$@" 9>&-)
    else
        (cd / && exec "$@" 9>&-)
    fi
}

owned_directory() { # DIRECTORY: make it for the owner alone; refuse one that somebody else put there
    [ -d "$1" ] || mkdir "$1" || fail "$1 cannot be made."
    if is_root && [ ! -L "$1" ]; then chown "$OWNER:$(id -gn "$OWNER")" "$1"; fi
    if [ -L "$1" ] || [ "$(stat -c %U "$1")" != "$OWNER" ]; then
        fail "$1 belongs to $(stat -c %U "$1"), not to $OWNER." \
            "An earlier ./dev ran as another user: run as that user, or as root './dev reset --yes'."
    fi
    chmod 700 "$1"
}

cluster_version() { cat "$PGDATA/PG_VERSION" 2>/dev/null; }

cluster_process() { # prints the number of the process that serves this cluster, if there is one
    local pid
    pid=$(head -n 1 "$PGDATA/postmaster.pid" 2>/dev/null) || return 1
    [ "$(readlink "/proc/$pid/cwd" 2>/dev/null)" = "$PGDATA" ] && printf '%s' "$pid"
}

cluster_answers() { # a real question: pg_isready is content with a server that cannot open its memory any more
    "$BIN/psql" -h "$SOCKET_DIR" -U "$ROLE" -d postgres -XAtqc 'SELECT 1' >/dev/null 2>&1
}

start_cluster() { # make it if it is not there, start it if it does not run; sets DATABASE_URL
    place_cluster
    local version
    version=$(cluster_version) || version=""
    BIN=$(pick_postgres "$version") || fail "The cluster in $PGDATA was made by PostgreSQL $version, which is not on this machine with its PostGIS." \
        "Install postgresql-$version-postgis-3, or throw the cluster away with ./dev reset."
    if [ -z "$version" ]; then make_cluster; fi
    if [ -z "$(cluster_process)" ] || ! cluster_answers; then boot_cluster; fi
    "$BIN/psql" -h "$SOCKET_DIR" -U "$ROLE" -d "$ROLE" -XAtc '' 2>/dev/null || logged createdb "$BIN/createdb" -h "$SOCKET_DIR" -U "$ROLE" "$ROLE"
    export DATABASE_URL="postgres://$ROLE@/$ROLE?host=$SOCKET_DIR"
}

make_cluster() {
    doing "making a private cluster with PostgreSQL $(basename "$(dirname "$BIN")") in $PLACE"
    mkdir -p "$PLACE"
    need_space "$PLACE" 300 "the database"
    # Under another name first: an interrupted one is never mistaken for a cluster.
    rm -rf "$PGDATA" "$PGDATA.new"
    owned_directory "$PGDATA.new"
    logged initdb as_owner "$BIN/initdb" -D "$PGDATA.new" -U "$ROLE" -A trust -E UTF8 --locale=C.UTF-8
    echo "include 'geo-accmr.conf'" | as_owner tee -a "$PGDATA.new/postgresql.conf" >/dev/null
    mv -T "$PGDATA.new" "$PGDATA"
}

cluster_settings() { # written at every start, so that an old cluster gets the settings of today
    local memory_mb buffers_mb shared=posix
    # When an ordinary user logs out, systemd removes that user's files in /dev/shm, a server's, too.
    if [ "$(id -u "$OWNER")" -ge 1000 ]; then shared=mmap; fi
    memory_mb=$(awk '/^MemTotal/ { print int($2 / 1024) }' /proc/meminfo)
    buffers_mb=$((memory_mb / 8 < 128 ? 128 : memory_mb / 8 > 2048 ? 2048 : memory_mb / 8))
    cat <<CONF
# Written by ./dev at every start; changes here are lost.
listen_addresses = ''
unix_socket_directories = '$SOCKET_DIR'
shared_preload_libraries = 'postgis-3'  # takes 8 ms off each new connection
jit = off                               # our statements are short; compiling them is not worth it
random_page_cost = 1.1
shared_buffers = ${buffers_mb}MB
dynamic_shared_memory_type = $shared
effective_cache_size = $((memory_mb / 2))MB
work_mem = 32MB
maintenance_work_mem = 256MB
max_connections = 100
wal_level = minimal
max_wal_senders = 0
timezone = 'UTC'
cluster_name = 'geo-accmr'
# A failed statement would be logged with its values, and a value may be where somebody is.
log_min_error_statement = panic
log_parameter_max_length_on_error = 0
CONF
}

boot_cluster() {
    doing "starting the private cluster"
    owned_directory "$SOCKET_DIR"
    cluster_settings | as_owner tee "$PGDATA/geo-accmr.conf" >/dev/null
    if [ -n "$(cluster_process)" ]; then
        halt_cluster # it runs but does not answer: its socket is gone, for example
    fi
    forget_dead_cluster
    # pg_ctl gives the server a session of its own: Ctrl-C here does not reach it.
    if ! as_owner "$BIN/pg_ctl" -D "$PGDATA" -l "$PGDATA/server.log" -w -t 120 start </dev/null >"$DATA/log/pg_ctl.log" 2>&1; then
        tail -n 20 "$PGDATA/server.log" "$DATA/log/pg_ctl.log" >&2
        fail "" "PostgreSQL does not start (above: the end of $PGDATA/server.log)." "If the cluster is beyond repair, ./dev reset makes a new one."
    fi
}

cluster_has_processes() { # of a server that was killed: its children need a moment to notice
    local dir
    for dir in /proc/[0-9]*/cwd; do
        [ "$(readlink "$dir" 2>/dev/null)" != "$PGDATA" ] || return 0
    done
    return 1
}

forget_dead_cluster() { # lock files left by a crash, whose number may now belong to another program
    for _ in $(seq 20); do
        cluster_has_processes || break
        sleep 0.5
    done
    cluster_has_processes || rm -f "$PGDATA/postmaster.pid" "$SOCKET_DIR"/.s.PGSQL.*
}

halt_cluster() {
    as_owner "$BIN/pg_ctl" -D "$PGDATA" -m fast -w -t 60 stop >/dev/null 2>&1 ||
        as_owner "$BIN/pg_ctl" -D "$PGDATA" -m immediate -w -t 60 stop >/dev/null 2>&1
}
