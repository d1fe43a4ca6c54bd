"""Working through what is due: many rows in one transaction, and row by row when one of them is poison.

A row that makes the batch fail is set aside by its owner's rule, the others go on. Leaves to the caller which
rows are due, what is done with them, and what setting aside means.
"""

import logging
from collections.abc import Callable
from typing import Protocol, TypeVar

from django.db import DatabaseError, OperationalError, connection, transaction

logger = logging.getLogger(__name__)

BATCH = 1000
#: What a row with impossible contents can raise.
POISON = (DatabaseError, LookupError, ValueError, TypeError, ArithmeticError)


class Row(Protocol):
    """What is due: a model instance, or the few columns that the work needs."""

    @property
    def pk(self) -> int: ...


AnyRow = TypeVar("AnyRow", bound=Row)


class Due(Protocol[AnyRow]):
    """Reads and locks at most so many of the rows that are due, skipping what others hold; or only that one."""

    def __call__(self, most: int, pk: int | None = None) -> list[AnyRow]: ...


def work_through(
    due: Due[AnyRow], work: Callable[[list[AnyRow]], None], set_aside: Callable[[int, Exception], None]
) -> None:
    """Do `work` on all that is `due`, batch by batch, each in its own transaction.

    `work` must make its rows due no more, and so must `set_aside` with the one row that cannot be worked on.
    """
    while True:
        try:
            found = _in_one(due, work, BATCH)
        except POISON:
            logger.exception("A batch failed and is done row by row.")
            found = _one_by_one(due, work, set_aside)
        if found < BATCH:
            return


def _in_one(due: Due[AnyRow], work: Callable[[list[AnyRow]], None], most: int, pk: int | None = None) -> int:
    with transaction.atomic():
        rows = due(most, pk)
        if rows:
            work(rows)
    return len(rows)


def _one_by_one(
    due: Due[AnyRow], work: Callable[[list[AnyRow]], None], set_aside: Callable[[int, Exception], None]
) -> int:
    """As one batch; 0, which ends the round, where rows stay due that the next round must look at again."""
    with transaction.atomic():
        ids = [row.pk for row in due(BATCH)]
    left = False
    for pk in ids:
        try:
            _in_one(due, work, 1, pk)
        except OperationalError:  # a deadlock or a lost connection is no fault of the row
            if not connection.is_usable():
                raise
            logger.exception("Row %s is left to the next round.", pk)
            left = True
        except POISON as error:
            logger.exception("Row %s is set aside.", pk)
            try:
                set_aside(pk, error)
            except POISON:
                logger.exception("Row %s cannot even be set aside.", pk)
                left = True
    return 0 if left else len(ids)
