"""Runs the migrations of the shared database on the connection that ``server.migrate`` passes."""

from alembic import context

connection = context.config.attributes["connection"]
context.configure(connection=connection, version_table_schema="desk", transactional_ddl=False)
context.run_migrations()
