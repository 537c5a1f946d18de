"""What tests of several folders share lies in support/ and is imported by its plain name: `from builders import …`."""

import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent / "support"))
pytest.register_assert_rewrite("faults", "hand_road")
