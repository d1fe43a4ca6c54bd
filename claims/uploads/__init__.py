"""The door for uploaded files: what they are is decided by their content, and what is unsafe stays out.

Leaves to others: storing the bytes, the row, who may upload, and how a file is shown (`claims.bundle`).
"""

from claims.uploads.intake import AcceptedFile, accept_upload

__all__ = ["AcceptedFile", "accept_upload"]
