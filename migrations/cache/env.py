"""Runs the migrations of the local cache on the connection that ``storage.migrate`` passes."""

from alembic import context

connection = context.config.attributes["connection"]
context.configure(connection=connection, transactional_ddl=False)
context.run_migrations()
