# How ./dev talks: numbered steps with their seconds, and failures that say the way out.
# shellcheck shell=bash

STARTED=$EPOCHREALTIME
STEP=0
STEPS=0
STEP_NAME=""
STEP_STARTED=$STARTED

seconds_since() { # TIME: seconds with one decimal
    local now=$EPOCHREALTIME
    local us=$(((${now/./} - ${1/./}) / 1000))
    printf '%d.%d' $((us / 1000)) $((us % 1000 / 100))
}

plan() { STEPS=$1; } # how many steps the command has

begin() { # NAME: the next step starts
    STEP=$((STEP + 1))
    STEP_NAME=$1
    STEP_STARTED=$EPOCHREALTIME
}

doing() { # TEXT: the step has real work to do and says what
    printf '[%d/%d] %s: %s …\n' "$STEP" "$STEPS" "$STEP_NAME" "$1"
}

end() { # [TEXT]: the step is over
    printf '[%d/%d] %s: %s, %s s\n' "$STEP" "$STEPS" "$STEP_NAME" "${1:-ready}" "$(seconds_since "$STEP_STARTED")"
}

say() { printf '%s\n' "$@"; }

fail() { # LINE…: what is wrong and what to do; ends the script
    printf '%s\n' "$@" >&2
    exit 1
}

logged() { # LOG COMMAND…: run it quietly; when it fails show the end of its output and stop
    local log=$DATA/log/$1.log
    shift
    if "$@" </dev/null >"$log" 2>&1; then
        return
    fi
    tail -n 30 "$log" >&2
    fail "" "This step failed: $*" "All of its output: $log. Once the cause is mended, run the same ./dev command again: it goes on from here."
}
