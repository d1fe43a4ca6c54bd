"""Tests of the door for uploaded files."""
