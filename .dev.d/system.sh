# System packages: which are missing, and installing them as root, through sudo, or not at all.
# Only what is missing is asked for; a tool that is there in a good version is used wherever it came from.
# shellcheck shell=bash

MIN_POSTGRES=15
APT_INSTALL="apt-get install -y --no-install-recommends"

is_root() { [ "$(id -u)" -eq 0 ]; }

can_sudo() { command -v sudo >/dev/null 2>&1 && sudo -n true 2>/dev/null; }

has_gdal() { compgen -G '/usr/lib/*/libgdal.so*' >/dev/null || compgen -G '/usr/lib*/libgdal.so*' >/dev/null ||
    compgen -G '/usr/local/lib/libgdal.so*' >/dev/null; }

find_chromium() { # prints the browser of the web tests
    local name
    if [ -n "${CHROMIUM:-}" ]; then
        printf '%s' "$CHROMIUM"
        return
    fi
    for name in chromium chromium-browser google-chrome; do
        command -v "$name" && return
    done
    return 1
}

has_fonts() { compgen -G '/usr/share/fonts/truetype/noto/NotoSansArabic*' >/dev/null; }

# What the browser tests' driver (Playwright brings its own Node) is linked against; compilers bring it along.
has_libatomic() { compgen -G '/usr/lib*/libatomic.so.1' >/dev/null || compgen -G '/usr/lib/*/libatomic.so.1' >/dev/null; }

# What sets the letters of the meeting's report (WeasyPrint).
has_lib() { compgen -G "/usr/lib/*/$1" >/dev/null || compgen -G "/usr/lib*/$1" >/dev/null || compgen -G "/usr/local/lib/$1" >/dev/null; }
has_pango() { has_lib 'libpango-1.0.so.0' && has_lib 'libpangoft2-1.0.so.0'; }
has_harfbuzz_subset() { has_lib 'libharfbuzz-subset.so.0'; }

has_translations() { compgen -G "$WEB/locale/*/LC_MESSAGES/*.po" >/dev/null; }

postgres_package() { # the PostGIS package to ask for: of an installed server if it has one, else the newest
    local version versions
    versions=$(apt-cache pkgnames 2>/dev/null | sed -nE 's/^postgresql-([0-9]+)-postgis-3$/\1/p' | sort -rn)
    for version in $versions; do
        [ "$version" -ge "$MIN_POSTGRES" ] && [ -x "/usr/lib/postgresql/$version/bin/initdb" ] &&
            printf 'postgresql-%s-postgis-3' "$version" && return
    done
    version=$(printf '%s\n' "$versions" | head -n 1)
    # An empty package list (no apt-get update yet) knows nothing: Debian 12 has 15.
    [ "${version:-15}" -ge "$MIN_POSTGRES" ] || fail "This system offers PostgreSQL $version with PostGIS; GeoACCMR needs $MIN_POSTGRES or newer." \
        "Add the PostgreSQL project's own package source, or set DATABASE_URL to a PostGIS database."
    printf 'postgresql-%s-postgis-3' "${version:-15}"
}

has_gdal_tools() { command -v ogr2ogr >/dev/null && command -v ogrinfo >/dev/null; }

has_qgis() { [ -d /usr/lib/python3/dist-packages/qgis/core ]; }

missing_packages() { # FOR (run, test): the Debian packages that are missing, on one line
    local missing=()
    if ! venv_works && ! pick_python >/dev/null; then missing+=(python3 python3-venv); fi
    if [ -z "${DATABASE_URL:-}" ] && ! pick_postgres >/dev/null; then
        missing+=("$(postgres_package)")
    elif ! has_gdal; then
        missing+=(gdal-bin)
    fi
    if has_translations && ! command -v msgfmt >/dev/null; then missing+=(gettext); fi
    has_pango || missing+=(libpango-1.0-0 libpangoft2-1.0-0)
    has_harfbuzz_subset || missing+=(libharfbuzz-subset0)
    if [ "$1" = test ]; then
        find_chromium >/dev/null || missing+=(chromium)
        has_fonts || missing+=(fonts-noto-core)
        has_libatomic || missing+=(libatomic1)
        # The clients of analysts, which the tests let read every layer.
        has_gdal_tools || missing+=(gdal-bin)
        has_qgis || missing+=(python3-qgis)
        # Reads our PDFs with other eyes than ours.
        command -v pdftotext >/dev/null || missing+=(poppler-utils)
    fi
    printf '%s' "${missing[*]}"
}

system_packages() { # FOR (run, test)
    begin "System packages"
    local missing
    missing=$(missing_packages "$1") || exit 1
    if [ -z "$missing" ]; then
        end "all there"
        return
    fi
    command -v apt-get >/dev/null 2>&1 || fail "Missing on this machine, in Debian's names: $missing" \
        "It has no apt-get: install them its own way, then run ./dev again." \
        "Needed are Python >= 3.11 with venv, PostgreSQL >= $MIN_POSTGRES with PostGIS >= 3.3, GDAL >= 3.6 (and Chromium with the Noto fonts for ./dev test)."
    if ! is_root && ! can_sudo; then
        print_install_line "$missing"
    fi
    local room=700 # in /usr, measured: PostgreSQL with GDAL 570 MB, Chromium with fonts 400 MB
    [ "$1" != test ] || room=1100
    need_space /usr "$room" "installing $missing"
    refresh_package_lists
    missing=$(missing_packages "$1") || exit 1 # with fresh lists the right PostgreSQL version is known
    doing "installing $missing"
    # shellcheck disable=SC2086  # a list of names
    install_packages $missing
    missing=$(missing_packages "$1") || exit 1
    [ -z "$missing" ] || fail "apt-get installed its packages, yet these are still missing or too old: $missing" \
        "Python must be 3.11 or newer, with venv (PYTHON=/path/to/python3 names another one)."
    end
}

print_install_line() { # an ordinary user cannot install: say the one line and stop
    local line="apt-get update && $APT_INSTALL $1"
    if command -v sudo >/dev/null 2>&1; then line="sudo sh -c '$line'"; else line="su -c '$line'"; fi
    fail "System packages are missing, and $(id -un 2>/dev/null || id -u) may not install them. Run this line once, then ./dev again:" "" "    $line" ""
}

as_admin() { # root, or sudo with the settings that apt needs
    if is_root; then env DEBIAN_FRONTEND=noninteractive "$@"; else sudo -n env DEBIAN_FRONTEND=noninteractive "$@"; fi
}

refresh_package_lists() {
    doing "reading the package lists"
    logged apt-update as_admin apt-get -o DPkg::Lock::Timeout=600 -o Acquire::Retries=3 update
}

install_packages() { # NAME…
    # Debian makes and starts a cluster "main" on port 5432 with the server package. Nobody asked for
    # that one here, so it is told not to; the note is taken away again for whoever installs later.
    local note=/etc/postgresql-common/createcluster.d/geo-accmr.conf
    local apt=(apt-get -o "DPkg::Lock::Timeout=600" -o "Acquire::Retries=3" -o "Dpkg::Options::=--force-confold" install -y --no-install-recommends)
    local status=0
    as_admin sh -c "mkdir -p ${note%/*} && echo 'create_main_cluster = false' >$note"
    as_admin "${apt[@]}" "$@" </dev/null >"$DATA/log/apt-install.log" 2>&1 || status=$?
    if [ "$status" -ne 0 ]; then # an installation that was killed once: finish it, then try again
        as_admin dpkg --configure -a </dev/null >>"$DATA/log/apt-install.log" 2>&1 || true
        status=0
        as_admin "${apt[@]}" --fix-broken "$@" </dev/null >>"$DATA/log/apt-install.log" 2>&1 || status=$?
    fi
    as_admin rm -f "$note"
    as_admin rmdir --ignore-fail-on-non-empty "${note%/*}"
    [ "$status" -eq 0 ] || { tail -n 20 "$DATA/log/apt-install.log" >&2; fail "" "apt-get could not install: $*" "All of its output: $DATA/log/apt-install.log"; }
}
