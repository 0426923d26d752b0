"""A table, a channel and a page, for one schedule: what the page showed, and why."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from workbook.figures import Picture, Step, sequence

__all__ = ["NEWS", "PushRun", "Pushed", "run_pushes"]

NEWS = ("OrderPlaced", "SeatReserved", "PaymentCaptured", "TicketIssued")


class Pushed(NamedTuple):
    """An event of the log: its number, counted from 1, and what happened."""

    number: int
    news: str


# make(read_after, show) gives a page, with the methods that the world calls.
Make = Callable[[Callable[[int], list[Pushed]], Callable[[Pushed], None]], Any]


@dataclass
class PushRun:
    """What came of one schedule. `broken` is empty where all is well.

    `shown` are the numbers in the order in which they were shown, `prompt` how many of
    them before the quiet at the end. `reads` says how often the table was read, and
    `needless` how often on a push that was known or simply the next one. `notes` are
    the fields of the diagram's steps.
    """

    schedule: str
    broken: str = ""
    shown: list[int] = field(default_factory=list)
    prompt: int = 0
    reads: int = 0
    needless: int = 0
    notes: list[tuple[str, ...]] = field(default_factory=list)

    @property
    def picture(self) -> Picture:
        """The run as a sequence diagram."""
        title = self.broken or "every event is shown once"
        return sequence(
            [Step(*note) for note in self.notes],
            title=title[0].upper() + title[1:],
            caption=f"Schedule {self.schedule}.",
            lanes=["shop", "page"],
            services=["table", "channel"],
        )


def run_pushes(make: Make, schedule: str, *, failing_read: int = 0) -> PushRun:
    """Run a fresh page, `make(read_after, show)`, through one schedule.

    It is told `connected()` when a connection stands, `pushed(event)` when a push
    arrives, and `quiet()` once all has been quiet for a while, at the end; also
    `connecting()`, if it has it, just before the connection stands. Read number
    `failing_read` of the table raises ConnectionError, which the page may let out.
    """
    world = _World(schedule, failing_read)
    page = make(world.read_after, world.show)
    for sign in schedule:
        world.step(page, sign)
    world.run.prompt = len(world.run.shown)
    world.tell(page, "quiet")
    world.judge()
    return world.run


class _World:
    """The table and the channel, and a note of all that happens."""

    def __init__(self, schedule: str, failing_read: int) -> None:
        self.run = PushRun(schedule)
        self.written = self.pushed = self.last = 0
        self.connected = False
        self.fails_at = failing_read

    def step(self, page: Any, sign: str) -> None:
        """One step of the schedule."""
        if sign.isdigit():
            event = _event(int(sign))
            self._note("call", "page", "channel", "takes a push", _named([event]))
            reads, easy = self.run.reads, event.number <= len(self.run.shown) + 1
            self.tell(page, "pushed", event)
            self.run.needless += easy and self.run.reads > reads
            return
        {
            "w": self._write,
            "p": self._push,
            "r": self._repeat,
            "x": self._lose,
            "c": lambda: self._connect(page),
            "C": lambda: self._stand(page),
            "D": self._drop,
        }[sign]()

    def tell(self, page: Any, method: str, *what: Any) -> None:
        """Call the page. A read that failed may come out of it."""
        if method == "quiet":
            self._note("wait", "", label="quiet for a while")
        try:
            getattr(page, method)(*what)
        except ConnectionError:
            self._note("note", "page", label="gives up for now: the read failed")

    def read_after(self, number: int) -> list[Pushed]:
        """What the table holds after `number`, in order: a strongly consistent read."""
        self.run.reads += 1
        ask = "table", f"read after {number}"
        if self.run.reads == self.fails_at:
            self._note("error", "page", *ask, "no answer")
            raise ConnectionError("the table could not be read")
        found = [_event(n) for n in range(1, self.written + 1) if n > number]
        self._note("call", "page", *ask, _named(found) or "nothing new")
        return found

    def show(self, event: Pushed) -> None:
        """The effect: the event stands on the screen."""
        self._note("note", "page", label=f"shows {event.number}")
        self.run.shown.append(event.number)

    def judge(self) -> None:
        """Say what is wrong with what was shown, the first thing first."""
        for place, number in enumerate(self.run.shown):
            before = self.run.shown[:place]
            if number in before:
                self.run.broken = f"event {number} is shown twice"
            elif number != place + 1:
                self.run.broken = f"event {number} is shown before event {place + 1}"
            if self.run.broken:
                return
        missing = len(self.run.shown) + 1
        if missing <= self.written:
            self.run.broken = f"event {missing} is never shown"

    def _write(self) -> None:
        self.written += 1
        self._note("call", "shop", "table", f"write {_named([_event(self.written)])}")

    def _push(self) -> None:
        self.pushed += 1
        self.last = self.pushed
        self._send(f"push {self.pushed}")

    def _repeat(self) -> None:
        self._send(f"push {self.last} again")

    def _send(self, label: str) -> None:
        if self.connected:
            self._note("call", "shop", "channel", label)
        else:
            label += ", and nobody is connected"
            self._note("request_lost", "shop", "channel", label)

    def _lose(self) -> None:
        self.pushed += 1
        self._note("note", "shop", label=f"push {self.pushed} fails for good")

    def _connect(self, page: Any) -> None:
        self._note("note", "page", label="begins to connect")
        if hasattr(page, "connecting"):
            self.tell(page, "connecting")

    def _stand(self, page: Any) -> None:
        self.connected = True
        self._note("call", "page", "channel", "subscribes", "it stands")
        self.tell(page, "connected")

    def _drop(self) -> None:
        self.connected = False
        self._note("note", "page", label="the connection breaks")

    def _note(
        self, kind: str, lane: str, target: str = "", label: str = "", reply: str = ""
    ) -> None:
        self.run.notes.append((kind, lane, target, label, reply))


def _event(number: int) -> Pushed:
    return Pushed(number, NEWS[(number - 1) % len(NEWS)])


def _named(events: list[Pushed]) -> str:
    return ", ".join(str(event.number) for event in events)
