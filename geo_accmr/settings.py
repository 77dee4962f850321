"""Every setting of a deployment, each read from the environment.

A value that cannot be used is refused at start with its name, the value and the
remedy. `docs/reference/settings.md` lists them all; a test holds the two together.
"""

import re
from datetime import time
from pathlib import Path
from typing import Any

import environ
from django.core.exceptions import ImproperlyConfigured

BASE_DIR = Path(__file__).resolve().parent.parent
env = environ.Env()


def refuse(name: str, value: object, remedy: str) -> ImproperlyConfigured:
    """Return the error for a setting that cannot be used."""
    return ImproperlyConfigured(f"{name}={value!r} cannot be used: {remedy}")


def env_bool(name: str, *, default: bool) -> bool:
    """Return a yes/no value; refuse any other word."""
    raw = env.str(name, default=str(default)).strip().lower()
    if raw in ("1", "true", "yes", "on"):
        return True
    if raw in ("0", "false", "no", "off", ""):
        return False
    raise refuse(name, raw, "say one of 1, true, yes, on, 0, false, no, off")


def env_int(name: str, *, default: int, low: int, high: int) -> int:
    """Return a whole number between `low` and `high`, both allowed."""
    raw = env.str(name, default=str(default)).strip()
    if not raw.isascii() or not raw.isdigit() or not low <= int(raw) <= high:
        raise refuse(name, raw, f"give a whole number from {low} to {high}")
    return int(raw)


def env_time(name: str, *, default: str) -> time:
    """Return a time of day, hours and minutes."""
    raw = env.str(name, default=default).strip()
    if not re.fullmatch(r"([01]\d|2[0-3]):[0-5]\d", raw, re.ASCII):
        raise refuse(name, raw, "give hours and minutes like 02:30")
    return time.fromisoformat(raw)


def env_list(name: str, *, default: str) -> list[str]:
    """Return the parts of a comma-separated value, without blanks."""
    return [
        part.strip()
        for part in env.str(name, default=default).split(",")
        if part.strip()
    ]


def env_identifier(name: str, *, default: str) -> str:
    """Return a name for the database: letters, digits and underscores."""
    raw = env.str(name, default=default)
    if not raw.isascii() or not raw.isidentifier() or len(raw) > 63:
        raise refuse(name, raw, "use up to 63 letters, digits and underscores")
    return str(raw)


def env_secret(*, debug: bool) -> str:
    """Return the signing key; production must give a long one."""
    raw = env.str("SECRET_KEY", default="")
    if not raw and debug:
        return "only-for-development-never-in-production"
    if len(raw) < 32 and not debug:
        raise refuse("SECRET_KEY", "*" * len(raw), "give at least 32 random characters")
    return str(raw)


def database() -> dict[str, Any]:
    """Return Django's description of the PostGIS database in DATABASE_URL."""
    url = env.str("DATABASE_URL", default="")
    if not url:
        raise refuse(
            "DATABASE_URL",
            url,
            "start through ./dev run, or give postgres://user@host/name",
        )
    if not url.startswith(("postgres://", "postgresql://", "postgis://")):
        raise refuse("DATABASE_URL", url.split("@")[-1], "only PostGIS: postgres://…")
    config: dict[str, Any] = env.db_url_config(url)
    config["ENGINE"] = "django.contrib.gis.db.backends.postgis"
    # A socket directory may stand in the query string: postgres://user@/name?host=/run/x
    options = config.setdefault("OPTIONS", {})
    config["HOST"] = options.pop("host", config.get("HOST", ""))
    # Pages and tiles run without parallel workers: faster there, and the same bytes each time.
    options["options"] = (
        f"-c statement_timeout={STATEMENT_TIMEOUT_MS} -c max_parallel_workers_per_gather=0"
    )
    config["CONN_MAX_AGE"] = 60
    config["CONN_HEALTH_CHECKS"] = True
    return config


DEBUG = env_bool("DEBUG", default=False)
SECRET_KEY = env_secret(debug=DEBUG)
ALLOWED_HOSTS = env_list("ALLOWED_HOSTS", default="127.0.0.1,localhost,[::1]")
STATEMENT_TIMEOUT_MS = env_int(
    "STATEMENT_TIMEOUT_MS", default=30_000, low=100, high=3_600_000
)
DATABASES = {"default": database()}

METRIC_SRID = env_int("METRIC_SRID", default=2100, low=1024, high=998_999)
"""EPSG code of the projected system, in metres, in which distances are taken."""

PUBLISHED_ROLE = env_identifier("PUBLISHED_ROLE", default="geoaccmr_published")
"""Database role of every public read; it can read the schema `published` and nothing else."""

PUBLISHED_POOL_SIZE = env_int("PUBLISHED_POOL_SIZE", default=8, low=1, high=200)
EXPORT_TIMEOUT_MS = env_int(
    "EXPORT_TIMEOUT_MS", default=600_000, low=1_000, high=86_400_000
)
EXPORTS_AT_ONCE = env_int("EXPORTS_AT_ONCE", default=3, low=1, high=100)
EXPORT_DIR = env.str("EXPORT_DIR", default="")
"""Where files are put together before they are sent; empty: the system's own folder."""
if EXPORT_DIR and not Path(EXPORT_DIR).is_dir():
    raise refuse("EXPORT_DIR", EXPORT_DIR, "name a folder that exists, or leave it out")
DEFAULT_MUNICIPALITY = env.str("DEFAULT_MUNICIPALITY", default="athens")
NIGHTLY_AT = env_time("NIGHTLY_AT", default="02:30")
"""When the standing questions of a municipality are answered, on its own clock."""

QUESTIONS_QUEUED = env_int("QUESTIONS_QUEUED", default=20, low=0, high=1_000)
"""Long questions of the public under way at a time; 0 takes none."""

QUESTIONS_OF_ONE = env_int("QUESTIONS_OF_ONE", default=2, low=1, high=1_000)
"""Of one sender."""

# Population groups, with all below them, of whom fewer people are a secret than of others.
SENSITIVE_GROUPS = env_list(
    "SENSITIVE_GROUPS",
    default="undocumented-migrants,unaccompanied-minors,gbv-survivors",
)
SENSITIVE_SMALL_COUNT = env_int("SENSITIVE_SMALL_COUNT", default=20, low=10, high=1_000)
SCENARIOS_KEPT_DAYS = env_int("SCENARIOS_KEPT_DAYS", default=90, low=1, high=3_650)
"""Days after which a stored scenario that nobody asked for is deleted."""

SCENARIOS_MOST = env_int("SCENARIOS_MOST", default=200, low=0, high=10_000)
"""Scenarios kept for one municipality; 0 takes none."""

# Tasks are imported by name where a worker starts, and nowhere else.
PROCRASTINATE_AUTODISCOVER_MODULE_NAME = ""
PROCRASTINATE_IMPORT_PATHS = ["layers.jobs.tasks"]
MAX_UPLOAD_MB = env_int("MAX_UPLOAD_MB", default=200, low=1, high=10_000)
REPORTS_PER_HOUR = env_int("REPORTS_PER_HOUR", default=20, low=1, high=10_000)
"""Reports of errors and requests taken from one sender in an hour."""

TRUSTED_PROXIES = env_int("TRUSTED_PROXIES", default=0, low=0, high=5)
"""Reverse proxies of ours in front; what the outermost saw counts as the sender."""

EMBED_ON = env_list("EMBED_ON", default="")
"""Origins whose pages may hold the embedded finder; `*` for any."""
for _origin in EMBED_ON:
    if not re.fullmatch(r"\*|https?://(\*\.)?[\w.-]+(:\d{1,5})?", _origin):
        raise refuse("EMBED_ON", _origin, "give origins like https://accmr.gr, or *")
BASEMAP_TILES = env.str("BASEMAP_TILES", default="")
"""Raster tiles behind the maps, an address with {z}, {x} and {y}."""

BASEMAP_STYLE = env.str("BASEMAP_STYLE", default="")
"""A MapLibre style behind the maps; it says itself whom it is owed to."""

BASEMAP_PMTILES = env.str("BASEMAP_PMTILES", default="")
"""One PMTiles file behind the maps, of raster tiles or of Protomaps' vector tiles."""

BASEMAP_HOSTS = env_list("BASEMAP_HOSTS", default="")
"""Further origins that a style fetches its tiles, letters and signs from."""

BASEMAP_ATTRIBUTION = env.str("BASEMAP_ATTRIBUTION", default="")
for _name, _address in (
    ("BASEMAP_TILES", BASEMAP_TILES),
    ("BASEMAP_STYLE", BASEMAP_STYLE),
    ("BASEMAP_PMTILES", BASEMAP_PMTILES),
):
    if _address and not re.match(r"https?://[\w.-]+(:\d{1,5})?/|/[^/]", _address):
        raise refuse(_name, _address, "give an address, https://… or /…")
if sum(map(bool, (BASEMAP_TILES, BASEMAP_STYLE, BASEMAP_PMTILES))) > 1:
    raise refuse("BASEMAP_TILES", BASEMAP_TILES, "choose one base map, not several")
if (BASEMAP_TILES or BASEMAP_PMTILES) and not BASEMAP_ATTRIBUTION:
    raise refuse("BASEMAP_ATTRIBUTION", "", "say whom the base map is owed to")
for _origin in BASEMAP_HOSTS:
    if not re.fullmatch(r"https?://(\*\.)?[\w.-]+(:\d{1,5})?", _origin):
        raise refuse("BASEMAP_HOSTS", _origin, "give origins like https://host.example")

MAP_CONTEXT = env_list("MAP_CONTEXT", default="")
"""Published layers below the districts of every map: coast=water,parks=park,streets=road."""
for _pair in MAP_CONTEXT:
    if not re.fullmatch(r"[a-z][a-z0-9_-]*=(water|park|road)", _pair):
        raise refuse("MAP_CONTEXT", _pair, "give layer=water, layer=park or layer=road")

QUICK_EXIT_URL = env.str("QUICK_EXIT_URL", default="https://www.wikipedia.org/")
"""Where "Leave this site" leads: a page that anybody might have open."""
if not re.match(r"https://[\w.-]+/", QUICK_EXIT_URL):
    raise refuse("QUICK_EXIT_URL", QUICK_EXIT_URL, "give an address, https://host/")
NODE_MODULES = Path(
    env.str("NODE_MODULES", default=str(BASE_DIR / "layers/web/node_modules"))
)
"""Where `npm ci` put the front-end files; only an allow-list of them is served."""

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.staticfiles",
    "django.contrib.postgres",
    "django.contrib.gis",
    "rest_framework",
    "rest_framework_gis",
    "drf_spectacular",
    "procrastinate.contrib.django",
    "layers",
]
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "layers.web.security.SecurityHeaders",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
]
ROOT_URLCONF = "geo_accmr.urls"
WSGI_APPLICATION = "geo_accmr.wsgi.application"
TEMPLATES: list[dict[str, Any]] = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "layers/web/templates", BASE_DIR / "layers/ogc/templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
            ],
            "libraries": {"pages": "layers.web.template_tags"},
        },
    }
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}"}
    for name in (
        "UserAttributeSimilarityValidator",
        "MinimumLengthValidator",
        "CommonPasswordValidator",
        "NumericPasswordValidator",
    )
]
# Debian's GDAL is older than 3.9; files of users are read by pyogrio's own GDAL, not by this one.
SILENCED_SYSTEM_CHECKS = ["gis.W001"]
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

LANGUAGE_CODE = "el"
LANGUAGES = [
    ("el", "Ελληνικά"),
    ("en", "English"),
    ("fr", "Français"),
    ("ar", "العربية"),
    ("fa", "فارسی"),
    ("ur", "اردو"),
]
LOCALE_PATHS = [BASE_DIR / "layers/web/locale"]
FORMAT_MODULE_PATH = "layers.web.formats"
TIME_ZONE = "Europe/Athens"
USE_I18N = True
USE_TZ = True

STATIC_URL = "/static/"
STATIC_ROOT = Path(env.str("STATIC_ROOT", default=str(BASE_DIR / ".data/static")))
STATICFILES_DIRS = [BASE_DIR / "layers/web/static"]
STATICFILES_FINDERS = [
    "django.contrib.staticfiles.finders.FileSystemFinder",
    "django.contrib.staticfiles.finders.AppDirectoriesFinder",
    "layers.web.finders.NodeModulesFinder",
]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": env.str(
            "STATICFILES_BACKEND",
            default="whitenoise.storage.CompressedManifestStaticFilesStorage",
        )
    },
}

SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
# The token of the forms: no script reads it, and it is gone with the browser's window.
CSRF_COOKIE_HTTPONLY = True
CSRF_COOKIE_AGE = None
CSRF_FAILURE_VIEW = "layers.web.errors.forged"
HTTPS = env_bool("HTTPS", default=False)
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = HTTPS
SECURE_SSL_REDIRECT = HTTPS
SECURE_HSTS_SECONDS = 31_536_000 if HTTPS else 0
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if HTTPS else None
# A position in a nearest request is small; nobody needs to send the API megabytes.
DATA_UPLOAD_MAX_MEMORY_SIZE = 1_048_576

REST_FRAMEWORK = {
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["rest_framework.parsers.JSONParser"],
    "DEFAULT_AUTHENTICATION_CLASSES": [],
    "DEFAULT_PERMISSION_CLASSES": [],
    "UNAUTHENTICATED_USER": None,
    "EXCEPTION_HANDLER": "layers.answers.problems.problem_of",
    "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
}
SPECTACULAR_SETTINGS = {
    "TITLE": "GeoACCMR API",
    "VERSION": "1",
    "OAS_VERSION": "3.0.3",
    "SERVE_INCLUDE_SCHEMA": False,
}

LOGGING: dict[str, Any] = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "line": {"format": "%(asctime)s %(levelname)s %(name)s %(message)s"}
    },
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    # A worker looks at its queue every few seconds; that it did is no news.
    "loggers": {"procrastinate": {"level": "WARNING"}},
    "root": {"handlers": ["console"], "level": env.str("LOG_LEVEL", default="INFO")},
}
