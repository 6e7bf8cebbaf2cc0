"""``python -m dehusk_server``: the same as ``dehusk``."""

import sys

from dehusk_server.cli import main

if __name__ == "__main__":
    sys.exit(main())
