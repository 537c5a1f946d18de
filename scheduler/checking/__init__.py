"""Judging a plan from the two folders alone, without the optimizer and by other means (CONTRACT section 6)."""
