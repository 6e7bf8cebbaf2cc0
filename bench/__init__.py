"""Speed of Dehusk beside its peers, on the same pages in one run: ``python -m bench``."""

import os

# One core is measured: numeric libraries read these when they are first imported, so they are set before all else.
for _name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ.setdefault(_name, "1")
