"""Exit statuses (CONTRACT section 6)."""

DONE, CHECK_FAILED, FAULTY, OUR_FAILURE = 0, 1, 2, 3

INTERRUPTED = 130
"""Ended by Ctrl-C, as shells count it: 128 and the number of the signal."""
