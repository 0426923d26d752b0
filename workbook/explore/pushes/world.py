"""A table, a channel and a page, for one schedule: what the page showed, and why."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from workbook.explore.pushes.drawing import draw
from workbook.figures import Picture

__all__ = ["NEWS", "PushRun", "Pushed", "run_pushes"]

NEWS = ("OrderPlaced", "SeatReserved", "PaymentCaptured", "TicketIssued")


class Pushed(NamedTuple):
    """An event of the log: its number, counted from 1, and what happened."""

    number: int
    news: str


_LOG = tuple(Pushed(number, NEWS[(number - 1) % len(NEWS)]) for number in range(1, 10))

# make(read_after, show) gives a page, with the methods that the world calls.
Make = Callable[[Callable[[int], list[Pushed]], Callable[[Pushed], None]], Any]


@dataclass
class PushRun:
    """What came of one schedule. `broken` is empty where all is well.

    `shown` are the numbers in the order in which they were shown, `prompt` how many of
    them before the quiet at the end, and `due` how many a page can know by then: what
    was in the table when the connection stood, and what a push has told of since.
    `reads` says how often the table was read, `needless` how often on a push that was
    known or simply the next one, and `swallowed` how many failed reads the page kept to
    itself. `notes` say what happened, for the picture.
    """

    schedule: str
    broken: str = ""
    shown: list[int] = field(default_factory=list)
    prompt: int = 0
    due: int = 0
    reads: int = 0
    needless: int = 0
    swallowed: int = 0
    notes: list[tuple] = field(default_factory=list)

    @property
    def picture(self) -> Picture:
        """The run as a sequence diagram."""
        return self.pictured(self.broken or "every event is shown once")

    def pictured(self, title: str) -> Picture:
        """The run as a sequence diagram that says something else."""
        return draw(self.notes, title, f"Schedule {self.schedule}.")


def run_pushes(make: Make, schedule: str, *, failing_read: int = 0) -> PushRun:
    """Run a fresh page, `make(read_after, show)`, through one schedule.

    It is told `connected()` when a connection stands, `pushed(event)` when a push
    arrives, and `quiet()` once all has been quiet for a while, at the end; also
    `connecting()`, if it has it, just before the connection stands. Read number
    `failing_read` of the table raises ConnectionError, which the page may let out.

    Besides the signs of `push_schedules` there is `q`: all is quiet for a while.
    """
    world = _World(schedule, failing_read)
    page = make(world.read_after, world.show)
    for sign in schedule:
        if sign.isdigit():
            world.arrive(page, int(sign))
        else:
            _STEPS[sign](world, page)
    world.fall_quiet(page)
    world.run.broken = _wrong(world.run.shown, world.written)
    return world.run


class _World:
    """The table and the channel, and a note of all that happens."""

    def __init__(self, schedule: str, failing_read: int) -> None:
        self.run = PushRun(schedule)
        self.note = self.run.notes.append
        self.written = self.pushed = self.last = self.failed = 0
        self.connected = False
        self.fails_at = failing_read

    # --- what the page can do -----------------------------------------------------

    def read_after(self, number: int) -> list[Pushed]:
        """What the table holds after `number`, in order: a strongly consistent read."""
        self.run.reads += 1
        if self.run.reads == self.fails_at:
            self.failed += 1
            self.note(("no answer", number))
            raise ConnectionError("the table could not be read")
        found = list(_LOG[max(number, 0) : self.written])
        self.note(("read", number, [event.number for event in found]))
        return found

    def show(self, event: Pushed) -> None:
        """The effect: the event stands on the screen."""
        self.note(("show", event.number))
        self.run.shown.append(event.number)

    # --- what can happen ----------------------------------------------------------

    def arrive(self, page: Any, number: int) -> None:
        """A push arrives at the page."""
        self.note(("arrive", number))
        self.run.due = max(self.run.due, number)
        reads, easy = self.run.reads, number <= len(self.run.shown) + 1
        self.tell(page.pushed, _LOG[number - 1])
        self.run.needless += easy and self.run.reads > reads

    def fall_quiet(self, page: Any) -> None:
        """Nothing more happens."""
        self.run.prompt = len(self.run.shown)
        self.be_quiet(page)

    def be_quiet(self, page: Any) -> None:
        """Nothing has happened for a while."""
        self.note(("quiet",))
        self.tell(page.quiet)

    def write(self, page: Any) -> None:
        """The next event is written."""
        self.written += 1
        self.note(("write", self.written))

    def push(self, page: Any) -> None:
        """The next written event is pushed."""
        self.pushed += 1
        self.last = self.pushed
        self.note(("push", self.pushed, self.connected, ""))

    def repeat(self, page: Any) -> None:
        """The last push is sent again."""
        self.note(("push", self.last, self.connected, " again"))

    def lose(self, page: Any) -> None:
        """The next push is never sent."""
        self.pushed += 1
        self.note(("lose", self.pushed))

    def connect(self, page: Any) -> None:
        """The page begins to connect."""
        self.note(("connect",))
        if hasattr(page, "connecting"):
            self.tell(page.connecting)

    def stand(self, page: Any) -> None:
        """The connection stands."""
        self.connected = True
        self.run.due = self.written
        self.note(("stand",))
        self.tell(page.connected)

    def drop(self, page: Any) -> None:
        """The connection breaks."""
        self.connected = False
        self.note(("drop",))

    def tell(self, method: Callable[..., Any], *what: Any) -> None:
        """Call the page. A read that failed may come out of it."""
        failed = self.failed
        try:
            method(*what)
        except ConnectionError:
            self.note(("give up",))
        else:
            self.run.swallowed += self.failed > failed


_STEPS: dict[str, Callable[[_World, Any], None]] = {
    "w": _World.write,
    "p": _World.push,
    "r": _World.repeat,
    "x": _World.lose,
    "c": _World.connect,
    "C": _World.stand,
    "D": _World.drop,
    "q": _World.be_quiet,
}


def _wrong(shown: list[int], written: int) -> str:
    """What is wrong with what was shown, the first thing first."""
    for place, number in enumerate(shown):
        if number in shown[:place]:
            return f"event {number} is shown twice"
        if number != place + 1:
            return f"event {number} is shown before event {place + 1}"
    missing = len(shown) + 1
    return f"event {missing} is never shown" if missing <= written else ""
