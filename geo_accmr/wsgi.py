"""The WSGI entry point that gunicorn serves."""

import os

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "geo_accmr.settings")
django.setup(set_prefix=False)

from geo_accmr.handler import Handler  # noqa: E402 (it needs the settings)

application = Handler()
