"""Pages and addresses (CONTRACT section 7): :func:`create_app` makes the application that answers them.

Importing this package does no work: the settings are read, the store is opened and the key is made when an application
is asked for.
"""

from web.application import create_app

__all__ = ["create_app"]
