"""The door to Django's commands; `manage.py start` runs the whole product."""

import os
import sys

from django.conf import settings
from django.core.management import execute_from_command_line
from django.db import OperationalError


def main() -> None:
    """Run a command; where the database does not answer, say what to do instead of where in the code."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    try:
        execute_from_command_line(sys.argv)
    except OperationalError as error:
        if not settings.DATABASE_EMBEDDED:
            raise
        sys.exit(
            f"The database under {settings.DATA_DIR} does not answer. Start it with `make run` (or `manage.py start`) "
            f"in another terminal, and give this command the same DATA_DIR.\n({str(error).splitlines()[0]})"
        )


if __name__ == "__main__":
    main()
