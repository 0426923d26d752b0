"""Answers to 08.2-lost-order."""

from collections import defaultdict

from tests.zoo import right, wrong

QUIET_S = 600


def _by_order(log):
    """Every order's lines, in order of time."""
    found = defaultdict(list)
    for line in sorted(log, key=lambda line: line["at_s"]):
        if "correlation_id" in line:
            found[line["correlation_id"]].append(line)
    return found


def _good(line):
    return line.get("span") == "end" and "error" not in line


def _answer(log, now_s, *, good=_good, quiet_s=QUIET_S, over=None, heard=None):
    """Ours in another form, with a knob for each mistake below."""
    over = over or (lambda names: "mail" in names)
    heard = heard or (lambda line: True)
    lost = {}
    for order, lines in _by_order(log).items():
        names = [line["name"] for line in lines if good(line)]
        last_s = max((line["at_s"] for line in lines if heard(line)), default=0)
        if not over(names) and last_s < now_s - quiet_s:
            lost[order] = names[-1] if names else ""
    return lost


@right
def order_by_order(log, now_s):
    return _answer(log, now_s)


@right
def by_the_latest_of_each_step(log, now_s):
    """The moment of each good end, and of any line, in two dicts."""
    ends, heard = defaultdict(dict), defaultdict(float)
    for line in log:
        order = line.get("correlation_id", "")
        heard[order] = max(heard[order], line["at_s"])
        if line.get("span") == "end" and not line.get("error"):
            at_s = ends[order].get(line["name"], 0)
            ends[order][line["name"]] = max(at_s, line["at_s"])
    heard.pop("", None)
    return {
        order: max(ends[order], key=ends[order].get, default="")
        for order, at_s in heard.items()
        if "mail" not in ends[order] and now_s - at_s > QUIET_S
    }


@wrong("An order that is done is called lost")
def all_that_are_quiet(log, now_s):
    return _answer(log, now_s, over=lambda names: False)


@wrong("without any error is missed")
def looks_for_errors(log, now_s):
    bad = {line["correlation_id"] for line in log if "error" in line}
    return {o: step for o, step in _answer(log, now_s).items() if o in bad}


@wrong("five minutes ago is on its way")
def all_that_are_not_finished(log, now_s):
    return _answer(log, now_s, quiet_s=-1e9)


@wrong("A rejected order has no ticket")
def wants_every_step(log, now_s):
    steps = {"place", "reserve", "charge", "ticket", "mail"}
    return _answer(log, now_s, over=lambda names: steps <= set(names))


@wrong("An error that a later attempt made good")
def an_error_is_the_end(log, now_s):
    bad = {line.get("correlation_id") for line in log if "error" in line}
    found = _answer(log, now_s)
    return found | {o: "reserve" for o in bad if o is not None}


@wrong("A step that failed is not done")
def every_end_is_good(log, now_s):
    return _answer(log, now_s, good=lambda line: line.get("span") == "end")


@wrong("A span that began and never ended")
def every_begin_is_good(log, now_s):
    bad = {(li.get("correlation_id"), li.get("name")) for li in log if "error" in li}
    return _answer(
        log,
        now_s,
        good=lambda li: (
            "span" in li and (li["correlation_id"], li["name"]) not in bad or _good(li)
        ),
    )


@wrong("A line that is no span is a sign of life")
def hears_spans_alone(log, now_s):
    return _answer(log, now_s, heard=lambda line: "span" in line)


@wrong("give it an empty text")
def knows_only_orders_that_began(log, now_s):
    return {o: step for o, step in _answer(log, now_s).items() if step}


@wrong("belongs to nobody")
def takes_the_system_for_an_order(log, now_s):
    named = [{"correlation_id": "", **line} for line in log]
    alive = max(line["at_s"] for line in named)
    found = _answer(named, now_s)
    nobody = any(not line["correlation_id"] for line in named)
    return {o: s for o, s in found.items() if not (nobody and alive > now_s - 600)}


@wrong("have another answer")
def believes_the_order_of_lines(log, now_s):
    last, names = {}, defaultdict(list)
    for line in log:
        if "correlation_id" in line:
            last[line["correlation_id"]] = line["at_s"]
            names[line["correlation_id"]] += [line["name"]] * _good(line)
    return {
        o: (names[o] or [""])[-1]
        for o in last
        if "mail" not in names[o] and last[o] < now_s - QUIET_S
    }


@wrong("and no dict")
def a_list_of_ids(log, now_s):
    return list(_answer(log, now_s))


@wrong("KeyError", status="your code raised")
def wants_a_correlation_id_in_each_line(log, now_s):
    known = {line["correlation_id"] for line in log}
    return {o: s for o, s in _answer(log, now_s).items() if o in known}


@wrong("A failure of a moment ago")
def hears_no_failures(log, now_s):
    return _answer(log, now_s, heard=lambda line: "error" not in line)


@wrong("belongs to nobody", same_as="takes_the_system_for_an_order")
def calls_the_system_an_order(log, now_s):
    return _answer([{"correlation_id": "nobody", **line} for line in log], now_s)


def _but(log, now_s, orders):
    """Our answer without some orders."""
    return {o: step for o, step in _answer(log, now_s).items() if o not in orders}


@wrong("What a line says will be done")
def searches_the_text_for_the_mail(log, now_s):
    said = {
        line["correlation_id"]
        for line in log
        if "correlation_id" in line and "mail" in line.get("message", "")
    }
    return _but(log, now_s, said)


@wrong("that failed once and was done later")
def holds_a_failure_against_a_step(log, now_s):
    bad = {
        (line["correlation_id"], line["name"])
        for line in log
        if "error" in line and line["name"] == "charge"
    }
    return _answer(
        log,
        now_s,
        good=lambda li: _good(li) and (li["correlation_id"], li["name"]) not in bad,
    )


@wrong("A mail that failed is no end")
def a_mail_that_was_tried_is_enough(log, now_s):
    ended = {
        line["correlation_id"]
        for line in log
        if line.get("name") == "mail" and line["span"] == "end"
    }
    return _but(log, now_s, ended)


@wrong("A mail that was only begun")
def a_mail_that_was_begun_is_enough(log, now_s):
    bad = {line["correlation_id"] for line in log if "error" in line}
    begun = {
        line["correlation_id"]
        for line in log
        if line.get("name") == "mail" and line["correlation_id"] not in bad
    }
    return _but(log, now_s, begun)


@wrong("A mail that failed once and was sent later")
def holds_a_failure_against_the_mail(log, now_s):
    bad = {
        line["correlation_id"]
        for line in log
        if "error" in line and line["name"] == "mail"
    }
    without = [
        line
        for line in log
        if line.get("correlation_id") not in bad
        or line.get("name") != "mail"
        or "error" in line
    ]
    return _answer(without, now_s)


@wrong("After the mail an order is finished")
def looks_at_the_last_step_alone(log, now_s):
    return _answer(log, now_s, over=lambda names: names[-1:] == ["mail"])
