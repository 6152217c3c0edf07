"""Who may read the file that holds a school."""

from __future__ import annotations

import stat
from pathlib import Path

from bot.clock import Clock
from bot.domain.school import School
from storage import migrate
from storage.models import AuditEntry
from storage.session import Database


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


async def test_nobody_but_its_owner_reads_the_file_or_what_sqlite_lays_beside_it(tmp_path: Path, clock: Clock) -> None:
    await migrate.run(f"sqlite:///{tmp_path / 'school.db'}")
    database = Database(f"sqlite:///{tmp_path / 'school.db'}", now=clock.now, school=School())
    async with database.unit_of_work() as uow:
        uow.session.add(AuditEntry(at=clock.now(), act="test"))
        await uow.commit()
        files = sorted(tmp_path.iterdir())
        assert [path.name for path in files] == ["school.db", "school.db-shm", "school.db-wal"]
        assert [mode(path) for path in files] == [0o600] * 3
    await database.close()


async def test_a_file_that_others_may_read_by_its_owners_wish_stays_so(tmp_path: Path) -> None:
    path = tmp_path / "school.db"
    path.touch(mode=0o640)
    path.chmod(0o640)
    await migrate.run(f"sqlite:///{path}")
    assert mode(path) == 0o640
