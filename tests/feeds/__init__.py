"""Tests of scheduler.feeds."""
