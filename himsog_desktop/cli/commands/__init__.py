"""The commands of ``himsog``, one module per group of verbs. Each answers an ``Answer``."""
