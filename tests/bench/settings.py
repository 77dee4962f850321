"""The deployment's own settings, with the peer's view mounted beside the project's."""

from geo_accmr.settings import *  # noqa: F403 (that is what it is for)

ROOT_URLCONF = "tests.bench.peers"
