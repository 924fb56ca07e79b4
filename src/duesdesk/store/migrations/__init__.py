"""Alembic's scripts for both engines, shipped in the wheel."""
