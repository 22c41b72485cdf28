"""As whom PostgreSQL runs: it refuses to be root, and wants a user that the system knows."""

import os
import pwd
import shutil
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from core.embedded.process import EmbeddedError, environment


@dataclass(frozen=True, slots=True)
class Account:
    """The words that go before a command, and the user id that must own the server's files."""

    words: tuple[str, ...]
    owner: int

    def own(self, folder: Path) -> None:
        """Give a folder and all in it to this account, unless it is theirs already."""
        if folder.stat().st_uid != self.owner:
            for path in (folder, *folder.rglob("*")):
                os.chown(path, self.owner, -1, follow_symlinks=False)


def find_account(folder: Path, program: Path) -> Account:
    """Return the first account that can enter the folder and run the program.

    An ordinary user is taken as is. Root, and a user without a line in the system's table as containers have them,
    look like `nobody` inside a user namespace of their own, so that no owner and no mode on the disk changes. Where
    namespaces are forbidden, as in most containers, root becomes `nobody` for real, with the one right to
    pass folders of mode 0700. Raises EmbeddedError when neither is allowed.
    """
    for account in _candidates():
        if not account.words or _works(account, folder, program):
            return account
    message = (
        "PostgreSQL does not run as root, and neither user namespaces (unshare) nor a change of user (setpriv)"
        " are allowed here; run as an ordinary user, or set DATABASE_URL"
    )
    raise EmbeddedError(message)


def _candidates() -> Iterator[Account]:
    me = os.geteuid()
    if me != 0 and _known(me):
        yield Account((), me)
        return
    nobody = pwd.getpwnam("nobody") if _known("nobody") else next(p for p in pwd.getpwall() if p.pw_uid)
    if unshare := shutil.which("unshare"):
        ids = (f"--map-user={nobody.pw_uid}", f"--map-group={nobody.pw_gid}")
        yield Account((unshare, "--user", *ids, "--"), me)
    if me == 0 and (setpriv := shutil.which("setpriv")):
        change = (f"--reuid={nobody.pw_uid}", f"--regid={nobody.pw_gid}", "--clear-groups")
        # Without the last one, access(2), by which initdb looks for its own programs, would not heed the right.
        rights = ("--inh-caps=+dac_override", "--ambient-caps=+dac_override", "--securebits=+no_setuid_fixup")
        yield Account((setpriv, *change, *rights, "--"), nobody.pw_uid)


def _known(who: int | str) -> bool:
    try:
        pwd.getpwuid(who) if isinstance(who, int) else pwd.getpwnam(who)
    except KeyError:
        return False
    return True


def _works(account: Account, folder: Path, program: Path) -> bool:
    probe = ("sh", "-c", 'cd "$1" && exec "$2" --version', "sh", str(folder), str(program))
    done = subprocess.run([*account.words, *probe], env=environment(), capture_output=True, check=False)
    return done.returncode == 0
