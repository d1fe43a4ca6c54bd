"""Tests of the bundle: bytes, pages, proof."""
