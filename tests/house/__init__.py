"""Tests of the house itself: what is packaged, imported, locked, licensed, and how long it grows."""
