"""The project: settings, addresses, the way of a request. And what must hold before NumPy loads."""

import os

# The matrices of this project are small, and threads that wait for work spin: on two
# busy cores a run of 100,000 points took 9.6 s of processor time with them, 3.0 s without.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
