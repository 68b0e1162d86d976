"""Declared shapes of the lake's tables, by layer."""
