"""A command of a parent: ``python -m scheduler.cli.owned worker …`` is ``etale worker …`` that ends with its parent.

If the parent is killed outright, the worker stops as it would have been told to, and whoever starts the service again
does not find two of them.
"""

from __future__ import annotations

import sys

from scheduler.cli.main import main
from scheduler.cli.orphans import end_with_parent

if __name__ == "__main__":
    end_with_parent()
    sys.exit(main(sys.argv[1:]))
