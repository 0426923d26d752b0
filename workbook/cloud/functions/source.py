"""What the polling sources share: when to look again, and `drain`."""

from typing import TYPE_CHECKING

from .. import clock
from .bounds import within
from .wait import Summary, settle

if TYPE_CHECKING:
    from .direct import Function

__all__ = ["Source"]


class Source:
    """A poller in virtual time, between something that holds events and a function.

    It looks when `poll` is called, during `drain`, and, once `start` was called,
    whenever the clock moves: at once when it knows of a due moment (a visibility
    timeout, the end of a wait or window), else every `poll_every_s`. That stands
    for AWS's long poll, which returns as soon as a message arrives.

    A subclass gives `poll`, `idle`, `describe_left` and `_next_moment_s`.
    """

    def __init__(self, function: "Function") -> None:
        self.function = function
        self._armed = 0
        self._poll_every_s: float | None = None
        self._wake: clock.Handle | None = None

    def start(self, *, poll_every_s: float = 1.0) -> None:
        """Poll by itself from now on, as the clock is advanced."""
        within("poll_every_s", poll_every_s, 0.001, 20)
        self._poll_every_s = poll_every_s
        self.arm()
        self._set_wake()

    def stop(self) -> None:
        """Stop polling by itself; what is running ends as usual."""
        if self._poll_every_s is not None:
            self._poll_every_s = None
            self.disarm()

    def drain(self, *, within_s: float = 21_600.0) -> Summary:
        """Let virtual time run until nothing is left, or `within_s` is over."""
        return settle(self, within_s=within_s)

    def arm(self) -> None:
        """Let the clock wake this source (calls nest with `disarm`)."""
        self._armed += 1

    def disarm(self) -> None:
        """Undo one `arm`."""
        self._armed -= 1
        if self._armed == 0:
            self._cancel_wake()

    def poll(self) -> None:
        """Take what can be taken now and invoke the function with it."""
        raise NotImplementedError

    @property
    def idle(self) -> bool:
        """Whether nothing is left to take and nothing is under way."""
        raise NotImplementedError

    def describe_left(self) -> str:
        """Say in a few words what is left."""
        raise NotImplementedError

    def _next_moment_s(self) -> float | None:
        raise NotImplementedError

    def _set_wake(self) -> None:
        self._cancel_wake()
        moments = [self._next_moment_s()]
        if self._poll_every_s is not None:
            moments.append(clock.seconds() + self._poll_every_s)
        due = [moment for moment in moments if moment is not None]
        if self._armed and due:
            self._wake = clock.call_at(max(min(due), clock.seconds()), self._woken)

    def _woken(self) -> None:
        self._wake = None
        try:
            self.poll()
        except LookupError:  # its queue or table is gone with the emptied world
            self.stop()
            return
        if self._wake is None:
            self._set_wake()

    def _cancel_wake(self) -> None:
        if self._wake is not None:
            self._wake.cancel()
            self._wake = None
