"""The command line, ``etale`` (CONTRACT section 6): one file a command, and :func:`main` that finds it."""

from scheduler.cli.main import main
from scheduler.cli.status import CHECK_FAILED, DONE, FAULTY, OUR_FAILURE

__all__ = ["CHECK_FAILED", "DONE", "FAULTY", "OUR_FAILURE", "main"]
