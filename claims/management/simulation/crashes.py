"""Death at any statement: what was not committed is gone, and so is everything that the process knew."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from django.db import connection


class Crash(BaseException):
    """Not an Exception: nothing in the product may catch it, as nothing catches kill -9."""


@contextmanager
def crashing(statements: int) -> Iterator[None]:
    """Crash at the statement of this number: odd ones before it, even ones after it was done. 0: never."""
    left = statements

    def execute(run: Callable[..., Any], sql: str, params: Any, many: bool, context: dict[str, Any]) -> Any:
        nonlocal left
        left -= 1
        if left == 0 and statements % 2:
            raise Crash
        result = run(sql, params, many, context)
        if left == 0:
            raise Crash
        return result

    if not statements:
        yield
        return
    try:
        with connection.execute_wrapper(execute):
            yield
    except Crash:
        connection.close()  # as the server sees a client that died
        raise
