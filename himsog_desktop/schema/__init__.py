"""Every table, once: ``platform`` (the web platform's), ``desk`` (ours, beside it), ``cache`` (local only).

In the local cache all of them live side by side in one SQLite file, instants as integer microseconds,
money as integer centavos; the cache carries no foreign keys and no unique constraints beyond primary
keys, because rows of a server may arrive in any order (reliability, 2.2).
May import: ``domain``, SQLAlchemy.
"""
