"""The use cases: every act and every list, one module per group of verbs.

A service takes a ``Desk`` (who sits where, at which profile), checks the rules of ``domain``, writes
one transaction of ``storage`` and answers a typed document of ``documents``; the window and the
command line call the same functions.
May import: ``storage``, ``interchange``, ``system``, ``runtime``, ``domain``, phonenumbers, msgspec.
"""
