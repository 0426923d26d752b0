"""Lab 05: a pure function, a bad event, an upcast, and a limit that is large enough."""

from workbook.checks.functional import firstbad, limits, pure, upcasting
from workbook.checks.functional.logs import EVENING, OPEN, enough_seats
from workbook.checks.functional.pure import JST
from workbook.checks.functional.worlds import stock
from workbook.learn import Exercise, Lab, Question

__all__ = ["EVENING", "JST", "OPEN", "enough_seats", "lab", "stock"]

_PURE = Exercise(
    id="05.1-pure-handler",
    title="Make it pure",
    minutes=10,
    lines=8,
    hints=(
        "Underline all that the old function knows without having been told: the "
        "time, the number, the seats. Each of them is now a field of `event`.",
        '`event["seats_free"]` for the table, `event["number"]` for the draw. '
        '`event["at"]` is in seconds since 1970: '
        "`datetime.fromtimestamp(seconds, zone)` makes a time of day of it, in the "
        "zone that you name.",
        '`datetime.fromtimestamp(event["at"], JST).hour < 12` is the early bird. '
        "Write nothing: return a new dict with `ticket`, `price_yen` and "
        '`seats_free`, the last being `event["seats_free"] - 1`.',
    ),
    why=Question(
        "The number of the ticket is still random. Why does it matter who draws it?",
        answer="Drawn at the edge, before the event is queued, it is drawn once and "
        "kept: a retry gives the same ticket, and a replay gives it years later. Drawn "
        "inside, every attempt makes another ticket for the same order.",
    ),
    check=pure.check,
)

_FIRST_BAD = Exercise(
    id="05.2-find-the-bad-event",
    title="Find the bad event",
    minutes=10,
    lines=6,
    hints=(
        "Replay the log once, and look at the state after each event. The first time "
        "that the invariant does not hold, you are there.",
        "Keep the state in a variable that begins as `start`: "
        "`state = evolve(state, event)`. `enumerate(log)` counts the events from 0.",
        "`for position, event in enumerate(log):`, then `state = evolve(state, event)`"
        ", then `if not invariant(state): return position`. After the loop, "
        "`return None`.",
    ),
    why=Question(
        "The chapter halved its log, as `git bisect` does. What has to be true of an "
        "invariant for that?",
        answer="Once broken it must stay broken, so that the log falls into a good "
        "part and a bad one. Seats that came from nowhere stay; a seat sold twice is "
        "no longer seen when one of its buyers gives it back.",
    ),
    check=firstbad.check,
)

_UPCAST = Exercise(
    id="05.3-upcast",
    title="Old events, new code",
    minutes=10,
    lines=9,
    hints=(
        "Go up one step at a time: from 1 to 2, then from 2 to 3. What comes in as 2 "
        "needs the second step alone, and what comes in as 3 needs none.",
        'Begin with a copy, `{**event}`, and `event.get("version", 1)`. Refuse what is '
        "newer than 3. Removing a field from a copy does not touch the original: "
        '`copy.pop("price")` also gives what it was.',
        'In version 1, `int(new.pop("price").replace(",", ""))` is `price_yen`. Below '
        "3, `seats` is 1. At the end `version` is 3; for a version above 3, "
        "`raise ValueError(...)` before anything else.",
    ),
    why=Question(
        "Why not go through the log once, write all events anew, and be done with "
        "upcasts?",
        answer="A log that is rewritten no longer says what was recorded: a mistake in "
        "the rewriting cannot be told from the past, nor be taken back. Copies and "
        "archives keep the old shape, too. An upcast can be mended at any time.",
    ),
    check=upcasting.check,
)

_LIMIT = Exercise(
    id="05.4-concurrency",
    title="A limit that is large enough",
    minutes=10,
    lines=6,
    hints=(
        "The load is how many would be at work on average: arrivals a second times "
        "seconds each. Start with no place, which rejects everything, and add places "
        "until the share is no more than the target.",
        "Only the share for one place fewer is needed: "
        "`share = load * share / (places + load * share)`, beginning with "
        "`share = 1.0` and `places = 0`.",
        "`while share > target:`, then `places += 1`, then the line of the second "
        "hint. `return places` at the end.",
    ),
    why=Question(
        "Ten times the load at the same target: does it take ten times the limit?",
        answer="Fewer. What comes above the mean by chance grows with the square root "
        "of the load: 5 at work need 11 places for 1%, 1,000 need 1,029. A large "
        "shared limit is used better than many small ones.",
    ),
    check=limits.check,
)

lab = Lab(
    "05-async-and-functional",
    [_PURE, _FIRST_BAD, _UPCAST, _LIMIT],
    title="Asynchronous and functional",
)
