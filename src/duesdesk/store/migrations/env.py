"""Alembic's environment: runs on the connection handed over by `store.schema`."""

from __future__ import annotations

from alembic import context
from sqlmodel import SQLModel

import duesdesk.models  # noqa: F401 - registers every table

connection = context.config.attributes["connection"]
context.configure(
    connection=connection,
    target_metadata=SQLModel.metadata,
    render_as_batch=True,
    compare_type=True,
    transactional_ddl=True,
)
with context.begin_transaction():
    context.run_migrations()
