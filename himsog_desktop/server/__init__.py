"""What happens at the shared database: making it, attaching to the platform's, its people, its health.

The function API itself is SQL (``migrations/shared/sql``); this is what an administrator runs.
May import: ``domain``, ``schema``, psycopg, SQLAlchemy with alembic (when they are needed).
"""
