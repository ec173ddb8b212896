"""The local encrypted cache: connections, outbox, projection, queries, search, backup.

Nothing outside this folder holds a connection, a cursor or a row of the database library: frozen
records of ``domain`` and plain tuples go out. Every write is one ``Transaction`` (``BEGIN IMMEDIATE``)
that carries intents, projection, history and its change set together.
May import: ``schema``, ``domain``, SQLAlchemy, sqlcipher3, alembic (only to migrate), msgspec.
"""
