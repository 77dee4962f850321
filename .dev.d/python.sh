# .venv from the hashed lock files. A file .venv/.half-made stands there while it is worked on: if it is
# found at start, somebody was interrupted, and what pip left then cannot be trusted, so all is made anew.
# shellcheck shell=bash

unset PYTHONHOME PYTHONPATH PIP_USER PIP_TARGET PIP_PREFIX
export PYTHONNOUSERSITE=1 PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_INPUT=1

PYTHON_ACCEPTED='import sys, venv, ensurepip; sys.exit(not (3, 11) <= sys.version_info < (3, 15))'

pick_python() { # prints a Python that is new enough and can make a venv, the system's own first
    local candidate
    for candidate in ${PYTHON:+"$PYTHON"} /usr/bin/python3 python3.11 python3.12 python3.13 python3.14 python3; do
        if command -v "$candidate" >/dev/null 2>&1 && "$candidate" -I -c "$PYTHON_ACCEPTED" >/dev/null 2>&1; then
            command -v "$candidate"
            return
        fi
    done
    return 1
}

venv_works() { # its interpreter starts (it is a link into the system), and it was made for this place
    [ -x "$VENV/bin/python" ] && [ ! -e "$VENV/.half-made" ] &&
        "$VENV/bin/python" -I -c 'import sys, pip; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1
}

lock_of() { # SET (runtime, dev)
    if [ "$1" = dev ]; then printf '%s/requirements-dev.lock' "$ROOT"; else printf '%s/requirements.lock' "$ROOT"; fi
}

venv_fingerprint() { # SET: the lock, the place and the Python it was made with
    { printf '%s\n' "$VENV"; cat "$(lock_of "$1")" "$VENV/pyvenv.cfg"; } 2>/dev/null | sha256sum | cut -c1-64
}

python_packages() { # SET: `dev` holds all of `runtime` in the same versions
    begin "Python packages"
    local set=$1
    if venv_works; then
        if is_marked "$VENV/.ready-dev" "$(venv_fingerprint dev)" ||
            { [ "$set" = runtime ] && is_marked "$VENV/.ready-runtime" "$(venv_fingerprint runtime)"; }; then
            end "all there"
            return
        fi
    else
        make_venv
    fi
    doing "installing $(grep -oE '^[a-z0-9._-]+' "$(lock_of "$set")" | sort -u | wc -l) packages from $(basename "$(lock_of "$set")")"
    touch "$VENV/.half-made"
    logged pip "$VENV/bin/python" -m pip install --require-hashes --no-deps --only-binary=:all: --no-warn-script-location \
        -r "$(lock_of "$set")"
    rm -f "$VENV/.half-made"
    rm -f "$VENV"/.ready-*
    mark "$VENV/.ready-$set" "$(venv_fingerprint "$set")"
    end
}

make_venv() {
    local python
    python=$(pick_python) || fail "No Python >= 3.11 with the venv module was found (PYTHON=/path/to/python3 names one)."
    if [ -e "$VENV" ] || [ -L "$VENV" ]; then doing "making .venv anew: the one there is broken or half-made"; else doing "making .venv with $python"; fi
    rm -rf "$VENV"
    mkdir "$VENV"
    touch "$VENV/.half-made"
    logged venv "$python" -I -m venv "$VENV"
}
