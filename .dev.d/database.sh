# What is in the database: reachable with PostGIS, tables as the migrations say, the demo city, a first analysis.
# shellcheck shell=bash

database() { # the private cluster, or the one in DATABASE_URL
    begin "Database"
    if [ -n "${DATABASE_URL:-}" ]; then
        "$VENV/bin/python" "$ROOT/.dev.d/database.py" check || fail "The database in DATABASE_URL cannot be used."
        end "the one in DATABASE_URL"
    else
        start_cluster
        end
    fi
}

django_settings() { # what the settings need to be told; what the caller's environment says comes first
    secret_key
    export SECRET_KEY=${SECRET_KEY:-$(<"$DATA/secret_key")}
    export DEBUG=${DEBUG:-0}
    export STATIC_ROOT=$DATA/static
}

secret_key() { # made once, for this checkout
    [ -s "$DATA/secret_key" ] && return
    (umask 077 && head -c 48 /dev/urandom | base64 | tr -d '\n' >"$DATA/secret_key.new")
    mv -f "$DATA/secret_key.new" "$DATA/secret_key"
}

manage() { # LOG COMMAND…
    local log=$1
    shift
    logged "$log" "$VENV/bin/python" "$ROOT/manage.py" "$@"
}

content_fingerprint() { # which database, what stands in it, and what should
    "$VENV/bin/python" "$ROOT/.dev.d/database.py" identity || return 1
    fingerprint "$ROOT/layers/migrations" "$ROOT/fixtures" "$ROOT/requirements.lock"
}

demo_city() { # tables, demo city and a first analysis, each only where it is missing
    begin "Tables and demo city"
    local state
    state=$(content_fingerprint) || fail "The database does not answer."
    if is_marked "$DATA/state/content" "$state"; then
        end "all there"
        return
    fi
    doing "migrating"
    manage migrate migrate --no-input
    doing "loading the demo city if the database is empty"
    manage load_demo load_demo --if-empty
    doing "running a first analysis if there is none"
    manage run_coverage run_coverage --if-missing
    state=$(content_fingerprint)
    mark "$DATA/state/content" "$state"
    end
}

translations() { # the .po files compiled, which Django reads at start
    has_translations || return 0
    local state
    state=$(find "$WEB/locale" -name '*.po' -print0 | sort -z | xargs -0 sha256sum | sha256sum | cut -c1-64)
    if is_marked "$DATA/state/translations" "$state" && compgen -G "$WEB/locale/*/LC_MESSAGES/*.mo" >/dev/null; then return; fi
    find "$WEB/locale" -name '*.mo' -delete # half-written, perhaps: compilemessages goes by their age
    (cd "$WEB" && logged compilemessages "$VENV/bin/python" "$ROOT/manage.py" compilemessages)
    mark "$DATA/state/translations" "$state"
}

static_files() { # the files that pages ask for under hashed names
    begin "Static files"
    local state
    state=$(fingerprint "$WEB/static" "$WEB/finders.py" "$WEB/package-lock.json" "$ROOT/requirements.lock" "$ROOT/geo_accmr/settings.py")
    if is_marked "$DATA/static/.ready" "$state"; then
        end "all there"
        return
    fi
    doing "collecting and compressing"
    rm -rf "$DATA/static.new"
    STATIC_ROOT=$DATA/static.new manage collectstatic collectstatic --no-input
    mark "$DATA/static.new/.ready" "$state"
    rm -rf "$DATA/static.old"
    [ ! -e "$DATA/static" ] || mv -T "$DATA/static" "$DATA/static.old"
    mv -T "$DATA/static.new" "$DATA/static"
    rm -rf "$DATA/static.old"
    end
}
