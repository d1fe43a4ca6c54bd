"""Tests of the request side: every source over real sockets, with the vendors' own packages."""
