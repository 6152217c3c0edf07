"""`python -m storage.makemigration "say what changes"`: writes a migration from the models' difference."""

from __future__ import annotations

import sys

import sqlalchemy as sa
from alembic import command

from storage import migrate


def main() -> int:
    """Compare the models with the migrations so far and write the next revision."""
    if len(sys.argv) != 2:
        sys.stderr.write('Say what changes: python -m storage.makemigration "add talks"\n')
        return 2
    engine = sa.create_engine("sqlite://", poolclass=sa.StaticPool)
    with engine.connect() as connection:
        migrate.upgrade(connection)
        command.revision(migrate.config(connection), message=sys.argv[1], autogenerate=True)
    engine.dispose()
    return 0


if __name__ == "__main__":
    sys.exit(main())
