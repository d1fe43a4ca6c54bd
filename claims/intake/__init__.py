"""Reading what comes in: raw mail to a `ReadMail`, and `fields`, the one shape that services take.

Pure: no database, no clock, no network. Storing, matching and clocks belong to the services.
"""

from claims.intake.reader import read_mail
from claims.intake.reading import ReadDecision, Reading, ReadMail, StatedDate, StatedWindow

__all__ = ["ReadDecision", "ReadMail", "Reading", "StatedDate", "StatedWindow", "read_mail"]
