# The front-end files (map library, fonts) by npm, as package-lock.json pins them. npm deletes node_modules
# before it fills it, and our mark lies in there: a half-made one is never mistaken for a finished one.
# shellcheck shell=bash

NODE_LOCK=$ROOT/.dev.d/node.lock

npm_path() { # prints an npm of Node >= 18: the system's, else the one of the Python environment
    local major
    major=$(node --version 2>/dev/null | sed -nE 's/^v([0-9]+)\..*/\1/p')
    if [ "${major:-0}" -ge 18 ] && npm --version >/dev/null 2>&1; then
        command -v npm
    elif "$VENV/bin/npm" --version >/dev/null 2>&1; then
        printf '%s' "$VENV/bin/npm"
    else
        return 1
    fi
}

use_node() { # have npm and node on PATH
    local npm system_authorities=/etc/ssl/certs/ca-certificates.crt
    # Node brings its own list of certificate authorities; an office network's own is in the system's.
    if [ -r "$system_authorities" ]; then export NODE_EXTRA_CA_CERTS=${NODE_EXTRA_CA_CERTS:-$system_authorities}; fi
    if ! npm=$(npm_path); then
        doing "installing Node into .venv (this system has none >= 18)"
        logged node "$VENV/bin/python" -m pip install --require-hashes --no-deps --only-binary=:all: -r "$NODE_LOCK"
        npm=$(npm_path) || fail "Node was installed into .venv, but does not start. Install Node >= 18 with npm yourself and run ./dev again."
    fi
    export PATH="${npm%/*}:$PATH"
}

front_end_files() { # SET: `runtime` is what pages serve, `dev` adds the checkers
    begin "Front-end files"
    local set=$1 wanted
    wanted=$(fingerprint "$WEB/package-lock.json")
    if is_marked "$WEB/node_modules/.ready-dev" "$wanted" ||
        { [ "$set" = runtime ] && is_marked "$WEB/node_modules/.ready-runtime" "$wanted"; }; then
        end "all there"
        return
    fi
    use_node
    doing "npm ci"
    local omit=()
    [ "$set" = dev ] || omit=(--omit=dev)
    # No script of any package is run.
    logged npm npm --prefix "$WEB" ci --ignore-scripts --no-audit --no-fund "${omit[@]}"
    mark "$WEB/node_modules/.ready-$set" "$wanted"
    end
}
