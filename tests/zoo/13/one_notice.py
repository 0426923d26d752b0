"""Answers to 13.3-one-notice."""

import uuid

from tests.zoo import right, wrong


def noted(record, change):
    """The record after a change, with what it makes news; None if it is old."""
    record = {"alarms": {}, "number": 0, "untold": [], **record}
    alarms = record["alarms"]
    if change.at <= alarms.get(change.alarm, ["", -1])[1]:
        return record, None
    before = any(state == "ALARM" for state, _ in alarms.values())
    alarms[change.alarm] = [change.state, change.at]
    after = any(state == "ALARM" for state, _ in alarms.values())
    if after == before:
        return record, None
    record["number"] += after
    return record, [record["number"], "begun" if after else "over"]


def to_be_told(record, change):
    record, news = noted(record, change)
    return {**record, "untold": record["untold"] + ([news] if news else [])}


@wrong("the pager rings again")
def tells_each_alarm(change, records, tell):
    record = records.update(lambda record: to_be_told(record, change))
    if change.state == "ALARM":
        tell(change.at, "begun")
    elif record["number"] and record["untold"][-1][1] == "over":
        tell(change.at, "over")


@wrong("the pager shows nothing")
def notes_and_is_silent(change, records, tell):
    records.update(lambda record: to_be_told(record, change))


@wrong("Two alarms say that all is well")
def tells_each_ok(change, records, tell):
    record = records.update(lambda record: to_be_told(record, change))
    on = any(state == "ALARM" for state, _ in record["alarms"].values())
    tell(record["number"], "begun" if on else "over")


@wrong("the other is still on")
def over_at_the_first_ok(change, records, tell):
    def note(record):
        number = record.get("number", 0)
        on, known = record.get("on", False), record.get("at", -1)
        if change.at <= known:
            return record
        now = change.state == "ALARM"
        return {"number": number + (now and not on), "on": now, "at": change.at}

    record = records.update(note)
    if record["number"]:
        tell(record["number"], "begun" if record["on"] else "over")


@wrong("have different ids")
def an_id_for_each_notice(change, records, tell):
    def note(record):
        record, news = noted(record, change)
        if news:
            news[0] = f"{news[0]}-{news[1]}"
        return {**record, "untold": record["untold"] + ([news] if news else [])}

    for notice in records.update(note)["untold"]:
        tell(*notice)
    records.update(lambda record: {**record, "untold": []})


@wrong("the pager stays silent")
def one_incident_for_ever(change, records, tell):
    def note(record):
        record, news = noted(record, change)
        untold = [["shop", news[1]]] if news else []
        return {**record, "untold": record["untold"] + untold}

    for notice in records.update(note)["untold"]:
        tell(*notice)
    records.update(lambda record: {**record, "untold": []})


@wrong("Two incidents begin with")
def the_alarm_for_an_id(change, records, tell):
    """Another id for each incident, as long as no alarm begins two of them."""

    def note(record):
        who = record.get("who", "")
        record, news = noted(record, change)
        if news and news[1] == "begun":
            who = change.alarm
        untold = [[who, news[1]]] if news else []
        return {**record, "who": who, "untold": record["untold"] + untold}

    for notice in records.update(note)["untold"]:
        tell(*notice)
    records.update(lambda record: {**record, "untold": []})


@wrong("a late copy of")
def believes_the_latest_that_came(change, records, tell):
    """It drops what it knows already, and has no idea of old."""

    def note(record):
        state = record.get("alarms", {}).get(change.alarm, ["OK"])[0]
        if state == change.state:
            return {"alarms": {}, "number": 0, "untold": [], **record}
        alarms = {n: [s, -1] for n, (s, _) in record.get("alarms", {}).items()}
        return to_be_told({**record, "alarms": alarms}, change)

    for notice in records.update(note)["untold"]:
        tell(*notice)
    records.update(lambda record: {**record, "untold": []})


@wrong("in the wrong order")
def one_moment_for_all_alarms(change, records, tell):
    def note(record):
        if change.at <= record.get("newest", -1) and change.state == "OK":
            return {"untold": [], **record}
        return {**to_be_told(record, change), "newest": change.at}

    for notice in records.update(note)["untold"]:
        tell(*notice)
    records.update(lambda record: {**record, "untold": []})


@wrong("it is delivered again at once")
def tells_after_noting(change, records, tell):
    news = []

    def note(record):
        record, made = noted(record, change)
        news.append(made)
        return record

    records.update(note)
    if news[-1]:
        tell(*news[-1])


@wrong("it is delivered again after the next one")
def tells_before_noting(change, records, tell):
    def note(record):
        record, news = noted(record, change)
        if news:
            tell(*news)
        return record

    records.update(note)


@wrong("it is delivered again at once", same_as="tells_after_noting")
def strikes_off_before_telling(change, records, tell):
    untold = records.update(lambda record: to_be_told(record, change))["untold"]
    records.update(lambda record: {**record, "untold": []})
    for notice in untold:
        tell(*notice)


@wrong("and after two incidents the pager shows")
def counts_alarms_up_and_down(change, records, tell):
    def note(record):
        record = {"on": 0, "number": 0, **record}
        record["before"] = record["on"]
        record["on"] = max(record["on"] + (1 if change.state == "ALARM" else -1), 0)
        record["number"] += record["on"] > 0 and not record["before"]
        return record

    record = records.update(note)
    if bool(record["on"]) != bool(record["before"]):
        tell(record["number"], "begun" if record["on"] else "over")


known = {}


@wrong("In one process that lives on")
def remembers_in_a_global(change, records, tell):
    """Each process begins with an empty dict."""
    before = any(state == "ALARM" for state, _ in known.values())
    known[change.alarm] = (change.state, change.at)
    after = any(state == "ALARM" for state, _ in known.values())
    if after != before:
        tell(1, "begun" if after else "over")


counted = {"number": 0}


@wrong("In one process that lives on", same_as="remembers_in_a_global")
def counts_in_a_global(change, records, tell):
    """The record knows the alarms, and a global dict the incident's number."""
    news = []

    def note(record):
        record, made = noted(record, change)
        news.append(made)
        return record

    records.update(note)
    if news[-1]:
        counted["number"] += news[-1][1] == "begun"
        tell(counted["number"], news[-1][1])


@wrong("Both alarms have ended")
def hears_of_no_end(change, records, tell):
    record = records.update(lambda record: to_be_told(record, change))
    for number, news in record["untold"]:
        if news == "begun":
            tell(number, news)


@wrong("not the new record")
def changes_in_place(change, records, tell):
    def note(record):
        record.setdefault("alarms", {})[change.alarm] = [change.state, change.at]

    records.update(note)


@wrong('not "begun" or "over"')
def says_it_in_other_words(change, records, tell):
    record = records.update(lambda record: to_be_told(record, change))
    for number, news in record["untold"]:
        tell(number, f"incident {news}")


@wrong("not a text or number")
def a_list_for_an_id(change, records, tell):
    record = records.update(lambda record: to_be_told(record, change))
    for notice in record["untold"]:
        tell(notice, notice[1])


@right
def never_strikes_off(change, records, tell):
    for notice in records.update(lambda record: to_be_told(record, change))["untold"]:
        tell(*notice)


@right
def a_name_that_is_drawn_and_kept(change, records, tell):
    """The id is drawn within the update, and so it is the same for ever."""

    def note(record):
        name = record.get("name", "")
        record, news = noted(record, change)
        if news and news[1] == "begun":
            name = str(uuid.uuid4())
        untold = [[name, news[1]]] if news else []
        return {**record, "name": name, "untold": record["untold"] + untold}

    record = records.update(note)
    while record["untold"]:
        tell(*record["untold"][0])
        record = records.update(lambda now: {**now, "untold": now["untold"][1:]})


@right
class OnAlarm:
    """A class whose making does it all."""

    def __init__(self, change, records, tell):
        self.change = change
        for incident, news in records.update(self.note)["untold"]:
            tell(f"night {incident}", news)
        records.update(lambda record: {**record, "untold": []})

    def note(self, record):
        return to_be_told(record, self.change)
