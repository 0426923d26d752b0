"""Lab 06: asking seldom, losing nothing, and an end."""

from workbook.checks.pushing import asking, ending, following
from workbook.checks.pushing.screen import STEP
from workbook.learn import Exercise, Lab, Question

__all__ = ["STEP", "lab"]

_ASK = Exercise(
    id="06.1-ask-ever-more-seldom",
    title="Ask ever more seldom",
    minutes=10,
    lines=5,
    hints=(
        "Think of the moment at which you have just asked. An order that ends right "
        "after it is found out at the next moment: how far away may that be?",
        "The wait after `now_s` is the longer of `first_s` and `share * now_s`, and "
        "never longer than `cap_s`. The last moment is cut short at `until_s`.",
        "`now_s = 0.0`; `while now_s < until_s:` `wait_s = min(cap_s, max(first_s, "
        "share * now_s))`; `now_s = min(now_s + wait_s, until_s)`; `yield now_s`.",
    ),
    why=Question(
        "Ten thousand buyers press the button at ten o'clock sharp, and their pages "
        "follow this schedule. What is still wrong?",
        answer="All of them ask at the same moments: 10,000 calls within a moment, and "
        "then silence. A wait that is shortened by chance, each page for itself, "
        "spreads them; a promise is kept by a shorter wait, too.",
    ),
    check=asking.check,
)

_FOLLOW = Exercise(
    id="06.2-lose-nothing",
    title="A page that loses nothing",
    minutes=16,
    lines=9,
    hints=(
        "One number is enough to remember: that of the last event shown. Compare a "
        "push's number with it: there are three cases.",
        "Known already: do nothing. The next one: show it. Further ahead: something is "
        "missing, so read the table from your number. When the connection stands, and "
        "when all has been quiet, something may be missing as well.",
        "In `connected`: `for event in self.read_after(self.seen):` `self.show(event)` "
        "and `self.seen = event.number`. `quiet` does the same: call `connected`. In "
        "`pushed`: if the number is `self.seen + 1`, show it and move on; if it is "
        "greater, call `connected`.",
    ),
    why=Question(
        "The page reads when the connection stands. Why not just before it connects?",
        answer="What is written after the read and pushed before the subscription "
        "stands is in neither. Subscribe first, then read: what comes in between comes "
        "twice, and a number makes that harmless.",
    ),
    check=following.check,
)

_END = Exercise(
    id="06.3-monotone-to-the-end",
    title="Never back, and to an end",
    minutes=14,
    lines=11,
    hints=(
        "Go through the messages, and keep the furthest step that was shown. What a "
        "message says and what the table says are treated alike.",
        "If the message is None, `status = read_status()`, in a `try`; after a "
        "`ConnectionError` go on with the next message. A status that `STEP` does not "
        "know counts as step 0.",
        "`furthest = 0`; `for message in messages:` `try: status = message or "
        "read_status()`, `except ConnectionError: continue`. Then `if STEP.get(status, "
        "0) > furthest:` `furthest = STEP[status]`, `show(status)`, and `if furthest "
        "== 4: return status`.",
    ),
    why=Question(
        "Exercise 2 counts events, and this page does not. When is this enough?",
        answer="When only the furthest state matters: a state that covers those before "
        "it makes a gap harmless, and any order of arrival ends the same. Where each "
        "event counts, as in a list of messages or a balance, it takes numbers.",
    ),
    check=ending.check,
)

lab = Lab("06-push-not-poll", [_ASK, _FOLLOW, _END], title="Push, not poll")
