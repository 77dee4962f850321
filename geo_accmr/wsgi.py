"""The WSGI entry point that gunicorn serves."""

import os

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "geo_accmr.settings")
django.setup(set_prefix=False)

from django.urls import get_resolver  # noqa: E402 (these need the settings)

from geo_accmr.handler import Handler  # noqa: E402

application = Handler()
# Load what answers now: else the first reader of each process waits a second for it.
get_resolver().url_patterns  # noqa: B018 (to be asked for is what it is for)
