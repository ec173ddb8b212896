"""Tests of ``himsog_desktop.system``."""
