"""Answers to 06.3-monotone-to-the-end."""

from tests.zoo import right, wrong
from workbook.checks.lab06 import STEP


def or_none(read_status):
    try:
        return read_status()
    except ConnectionError:
        return None


def news(messages, read_status):
    """Every status that comes in, by push or by a read after a silence."""
    for status in messages:
        yield or_none(read_status) if status is None else status


def bar(statuses, show):
    """Show each status that is further than the last, up to the end."""
    furthest = 0
    for status in statuses:
        if STEP.get(status, 0) > furthest:
            furthest = STEP[status]
            show(status)
        if furthest == 4:
            return status
    return None


@wrong("twice in a row")
def shows_all_it_hears(messages, read_status, show):
    for status in news(messages, read_status):
        if status in STEP:
            show(status)
        if STEP.get(status) == 4:
            return status


@wrong("the order goes back")
def shows_what_is_new(messages, read_status, show):
    last = None
    for status in news(messages, read_status):
        if status in STEP and status != last:
            show(status)
            last = status
        if STEP.get(status) == 4:
            return status


@wrong("the order goes back", same_as="shows_what_is_new")
def shows_each_once(messages, read_status, show):
    shown = set()
    for status in news(messages, read_status):
        if status in STEP and status not in shown:
            show(status)
            shown.add(status)
        if STEP.get(status) == 4:
            return status


@wrong("it watches for ever")
def trusts_the_pushes(messages, read_status, show):
    return bar(messages, show)


@wrong("it asks the table all the same")
def asks_after_each_push(messages, read_status, show):
    return bar((or_none(read_status) for _ in messages), show)


@wrong("Pushes arrive, and nothing is shown")
def only_waits(messages, read_status, show):
    for status in news(messages, read_status):
        if STEP.get(status) == 4:
            return status


@wrong("and it shows")
def shows_the_end_only(messages, read_status, show):
    for status in news(messages, read_status):
        if STEP.get(status) == 4:
            show(status)
            return status


@wrong("the page ends with its ConnectionError")
def lets_a_failed_read_out(messages, read_status, show):
    return bar((message or read_status() for message in messages), show)


@wrong("A read fails, and it is repeated at once")
def insists(messages, read_status, show):
    def statuses():
        for message in messages:
            status = message
            while status is None:
                status = or_none(read_status)
            yield status

    return bar(statuses(), show)


@wrong("shop pushes 'screened', which `STEP` does not know, and the page ends")
def knows_all_there_will_be(messages, read_status, show):
    furthest = 0
    for status in news(messages, read_status):
        if status is not None and STEP[status] > furthest:
            furthest = STEP[status]
            show(status)
        if furthest == 4:
            return status


@wrong("which `STEP` does not know, and the page shows it")
def takes_the_unknown_for_an_end(messages, read_status, show):
    furthest = 0
    for status in news(messages, read_status):
        step = 0 if status is None else STEP.get(status, 5)
        if step > furthest:
            furthest = step
            show(status)
        if furthest >= 4:
            return status


@wrong("and it returns None")
def keeps_the_end_to_itself(messages, read_status, show):
    bar(news(messages, read_status), show)


@wrong("it does not come to an end")
def watches_on(messages, read_status, show):
    furthest = 0
    for status in news(messages, read_status):
        if STEP.get(status, 0) > furthest:
            furthest = STEP[status]
            show(status)


@wrong("it does not come to an end", same_as="watches_on")
def hopes_for_a_ticket(messages, read_status, show):
    furthest = 0
    for status in news(messages, read_status):
        if STEP.get(status, 0) > furthest:
            furthest = STEP[status]
            show(status)
        if status == "ticketed":
            return status


@wrong("and the last thing shown is")
def believes_the_table_silently(messages, read_status, show):
    furthest = 0
    for message in messages:
        status = message or or_none(read_status)
        if message is not None and STEP.get(status, 0) > furthest:
            furthest = STEP[status]
            show(status)
        if STEP.get(status) == 4:
            return status


@wrong("and it takes another message")
def looks_up_one_too_late(messages, read_status, show):
    furthest, ended = 0, None
    for status in news(messages, read_status):
        if ended:
            return ended
        if STEP.get(status, 0) > furthest:
            furthest = STEP[status]
            show(status)
        ended = status if furthest == 4 else None


@wrong("more often than there are silences")
def asks_twice_to_be_sure(messages, read_status, show):
    def sure():
        return or_none(read_status) and or_none(read_status)

    return bar((message or sure() for message in messages), show)


def watches(messages, read_status, show, step_of=STEP.get, furthest=0):
    """`bar`, with another way to tell how far a status is."""
    for status in news(messages, read_status):
        step = step_of(status)
        if step is not None and step > furthest:
            furthest = step
            show(status)
            if STEP.get(status) == 4:
                return status


@wrong(
    "which `STEP` does not know, and the page shows it",
    same_as="takes_the_unknown_for_an_end",
)
def begins_below_the_unknown(messages, read_status, show):
    return watches(messages, read_status, show, lambda s: STEP.get(s, 0), -1)


@wrong("A newer shop writes")
def knows_all_that_the_table_says(messages, read_status, show):
    def statuses():
        for message in messages:
            if message is None:
                status = or_none(read_status)
                if status is not None:
                    STEP[status]
                yield status
            else:
                yield message

    return bar(statuses(), show)


@wrong("and the page asks the table")
def looks_the_unknown_up(messages, read_status, show):
    known = (message if message in STEP else None for message in messages)
    return bar(news(known, read_status), show)


@wrong("it is shown after 'paid'")
def goes_by_the_place_in_the_table(messages, read_status, show):
    order = [None, *STEP]
    return watches(
        messages, read_status, show, lambda s: order.index(s) if s in order else 0
    )


@wrong("It lets a silence go by")
def asks_in_every_second_silence(messages, read_status, show):
    def statuses(silences=0):
        for message in messages:
            silences += message is None
            if message is None and silences % 2 == 0:
                yield or_none(read_status)
            else:
                yield message

    return bar(statuses(), show)


@wrong("the page stops watching")
def ends_with_a_failed_read(messages, read_status, show):
    def statuses():
        for message in messages:
            try:
                yield message or read_status()
            except ConnectionError:
                return

    return bar(statuses(), show)


@wrong("the page never asks again")
def asks_no_more_after_a_failed_read(messages, read_status, show):
    def statuses(works=True):
        for message in messages:
            status = message
            if status is None and works:
                status = or_none(read_status)
                works = status is not None
            yield status

    return bar(statuses(), show)


@wrong("It gives a generator")
def yields_what_it_shows(messages, read_status, show):
    for status in news(messages, read_status):
        show(status)
        yield status


FURTHEST = [0]


@wrong("A second order is watched")
def never_begins_afresh(messages, read_status, show):
    for status in news(messages, read_status):
        if STEP.get(status, 0) > FURTHEST[0]:
            FURTHEST[0] = STEP[status]
            show(status)
            if FURTHEST[0] == 4:
                return status


@wrong("Pushes arrive, and nothing is shown", same_as="only_waits")
def waits_for_all_messages(messages, read_status, show):
    return bar(list(messages), show)


@right
def takes_one_after_another(messages, read_status, show):
    shown = [""]
    while STEP.get(shown[-1]) != 4:
        heard = next(messages)
        if heard is None:
            try:
                heard = read_status()
            except ConnectionError:
                heard = ""
        if STEP.get(heard, 0) > STEP.get(shown[-1], 0):
            shown.append(heard)
            show(heard)
    return shown[-1]


@right
def by_elimination(messages, read_status, show):
    open_steps = {1, 2, 3, 4}
    for status in news(messages, read_status):
        step = STEP.get(status)
        if step not in open_steps:
            continue
        open_steps = {later for later in open_steps if later > step}
        show(status)
        if not open_steps:
            return status


@right
def step_by_step(messages, read_status, show, furthest=0):
    status = next(news(messages, read_status))
    step = STEP.get(status, 0)
    if step > furthest:
        show(status)
    if step == 4:
        return status
    return step_by_step(messages, read_status, show, max(step, furthest))
