"""``python -m archtui`` is ``archtui``."""

import sys

from archtui.cli.main import main

if __name__ == "__main__":
    sys.exit(main())
