"""A Celery transport without a server, for installations without Redis: messages are files under DATA_DIR.

kombu's own reads half-written files and forgets a message as it is taken. Here a message is written under a
hidden name and renamed; taken by a rename into `taken/`; deleted when acknowledged; moved back by `restore`
before a worker starts. A lost message still costs seconds only: rows are the truth and the sweep finds them.
"""

from kombu.transport import filesystem


class Channel(filesystem.Channel):
    """kombu's exchanges and bindings; own files. `_put`, `_get`, `_size`, `_purge` are kombu's privates."""


class Transport(filesystem.Transport):
    """Named by CELERY_BROKER_TRANSPORT."""

    Channel = Channel
