"""Bytes to values and back: region folders, plan folders and result pages, every fault at once."""
