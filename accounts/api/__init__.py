"""The HTTP side of accounts, and the small API pieces (fields, permissions) that the higher apps share."""
