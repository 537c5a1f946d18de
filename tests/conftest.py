"""What all tests share: `builders` (regions in memory) and `region_files` (folders) can be imported everywhere."""

import sys
from pathlib import Path

for folder in ("domain", "files"):
    sys.path.insert(0, str(Path(__file__).parent / folder))
