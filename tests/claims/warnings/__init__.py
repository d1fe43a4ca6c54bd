"""Warnings: raised by the sweep, heard by the right people, sent by a real mail server of the tests."""
