"""How a submission can be fenced in on this machine, found out by trying."""

import os
import tempfile
from dataclasses import dataclass, replace
from functools import lru_cache

from workbook.grade.jail import namespaces, system
from workbook.grade.jail.limits import running

__all__ = ["Fence", "bare_fence", "become", "best_fence"]

# Ids that no distribution gives to people, services or containers' users by itself:
# https://systemd.io/UIDS-GIDS/
_FIRST_FREE, _LAST_FREE = 60_600, 61_000


@dataclass(frozen=True)
class Fence:
    """What stands between a submission and the machine.

    With `namespaces`, a root of its own (see `workbook.grade.jail.namespaces`); with
    `user`, a user id that owns nothing. `why_not` says why there are no namespaces.
    """

    namespaces: bool = False
    user: int | None = None
    why_not: str = ""

    def __str__(self) -> str:
        if self.namespaces:
            who = "an unprivileged user" if self.user else "your user, without rights"
            return f"namespaces (no network, no files, no other processes), as {who}"
        who = "an unprivileged user" if self.user else "your own user"
        return f"limits and refusals in Python only, as {who} ({self.why_not})"

    @property
    def owner(self) -> int:
        """The user id that the submission runs as."""
        return os.geteuid() if self.user is None else self.user


@lru_cache
def best_fence() -> Fence:
    """The strongest fence that works here."""
    user = _free_user() if os.geteuid() == 0 else None
    wanted = [Fence(True, user), Fence(True)] if user else [Fence(True)]
    why = ""
    for fence in wanted:
        if not (why := _trouble(fence)):
            return fence
    return bare_fence(user, why)


def bare_fence(user: int | None = None, why_not: str = "not wanted") -> Fence:
    """The strongest fence without namespaces; `user` is a free id, if one is known."""
    if user is None and os.geteuid() == 0:
        user = _free_user()
    bare = Fence(False, user, why_not)
    return bare if not _trouble(bare) else replace(bare, user=None)


def _free_user() -> int:
    """An id that runs nothing at the moment; each grading process takes another."""
    start = os.getpid() % (_LAST_FREE - _FIRST_FREE)
    ids = [*range(_FIRST_FREE + start, _LAST_FREE), *range(_FIRST_FREE, _LAST_FREE)]
    return next(uid for uid in ids if running(uid) == 0)


def become(user: int | None) -> None:
    """Give up what rights there are; to be `user` from here on, if given."""
    if user is not None:
        os.setgroups([])
        os.setresgid(user, user, user)
        os.setresuid(user, user, user)
    if hasattr(os, "sched_getaffinity"):  # Linux
        system.never_gain_rights()
        system.drop_capabilities()


def _trouble(fence: Fence) -> str:
    """Try the fence in a child process: what goes wrong, or nothing."""
    with tempfile.TemporaryDirectory(prefix="grade-") as folder:
        get, put = os.pipe()
        child = os.fork()
        if child == 0:
            os.write(put, _tried(fence, folder).encode())
            os._exit(0)
        os.close(put)
        with open(get, encoding="utf-8", errors="replace") as said:
            words = said.read()
        os.waitpid(child, 0)
    return words


def _tried(fence: Fence, folder: str) -> str:
    try:
        if fence.namespaces:
            paths = namespaces.readable()
            namespaces.enter(folder, paths, scratch_bytes=1 << 20, owner=fence.owner)
        become(fence.user)
    except Exception as error:
        return str(error) or type(error).__name__
    if not os.access(os.path.dirname(os.__file__), os.R_OK | os.X_OK):
        return "Python's own files cannot be read by another user"
    return ""
