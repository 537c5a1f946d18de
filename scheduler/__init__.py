"""Étale staggers class sessions and parents' access over the day under the capacity of the servers."""

from importlib.metadata import version

__version__ = version("etale")
