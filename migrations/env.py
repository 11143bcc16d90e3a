"""Runs the migrations on the connection that `portal migrate` opened, as portal_owner."""

from alembic import context

connection = context.config.attributes.get("connection")
if connection is None:
    raise RuntimeError("Migrations are run by `portal migrate`, which prepares the roles first.")

context.configure(connection=connection, target_metadata=None, transaction_per_migration=True)
with context.begin_transaction():
    context.run_migrations()
