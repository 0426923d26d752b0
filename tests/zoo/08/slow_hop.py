"""Answers to 08.3-slow-hop."""

from tests.zoo import right, wrong


def _chain(spans, last=None):
    """From the span that ended last back to the first."""
    by_id = {span.span_id: span for span in spans}
    chain = [last or max(spans, key=lambda one: one.end_s)]
    while chain[-1].parent_id in by_id:
        chain.append(by_id[chain[-1].parent_id])
    return chain


def _parts(chain, *, overlap=True):
    parts = [(chain[0].name, "work", chain[0].end_s - chain[0].start_s)]
    for child, parent in zip(chain[:-1], chain[1:], strict=True):
        left_s = min(parent.end_s, child.start_s) if overlap else parent.end_s
        parts.append((child.name, "wait", child.start_s - left_s))
        parts.append((parent.name, "work", left_s - parent.start_s))
    return parts


def _longest(parts):
    return max(parts, key=lambda part: part[2])


@right
def by_the_chain(spans):
    return _longest(_parts(_chain(spans)))


@right
def by_going_down_from_the_end(spans):
    """A function that calls itself for what lies before."""
    by_id = {span.span_id: span for span in spans}

    def before(span, now_s):
        yield now_s - span.start_s, span.name, "work"
        parent = by_id.get(span.parent_id)
        if parent:
            sent_s = min(parent.end_s, span.start_s)
            yield span.start_s - sent_s, span.name, "wait"
            yield from before(parent, sent_s)

    last = sorted(spans, key=lambda span: span.end_s)[-1]
    seconds, name, kind = sorted(before(last, last.end_s))[-1]
    return [name, kind, seconds]


@wrong("The longest work is not found")
def the_longest_wait(spans):
    waits = [part for part in _parts(_chain(spans)) if part[1] == "wait"]
    return _longest(waits) if waits else _parts(_chain(spans))[0]


@wrong("nobody works, and no span shows it")
def the_longest_work_on_the_path(spans):
    return _longest(p for p in _parts(_chain(spans)) if p[1] == "work")


@wrong("is beside the path")
def any_part_of_any_branch(spans):
    return _longest(p for span in spans for p in _parts(_chain(spans, span)))


@wrong("A failed attempt is part of the wait")
def waits_since_whatever_ended_before(spans):
    parts = []
    for span in _chain(spans):
        parts.append((span.name, "work", span.end_s - span.start_s))
        ended = [one.end_s for one in spans if one.end_s <= span.start_s]
        if ended:
            parts.append((span.name, "wait", span.start_s - max(ended)))
    return _longest(parts)


@wrong("counts up to the next one's begin")
def counts_all_of_a_parent_s_work(spans):
    chain = _chain(spans)
    parts = [p for p in _parts(chain) if p[1] == "wait"]
    return _longest(parts + [(s.name, "work", s.end_s - s.start_s) for s in chain])


@wrong("has one part")
def only_between_two_spans(spans):
    chain = _chain(spans)
    if len(chain) == 1 and len(spans) == 1:
        return chain[0].name, "wait", 0.0
    return _longest(_parts(chain))


@wrong("where the path begins")
def leaves_the_first_span_of_a_broken_trace_out(spans):
    chain = _chain(spans)
    broken = bool(chain[-1].parent_id)
    return _longest(_parts(chain[:-1] if broken else chain))


@wrong("A random order comes out otherwise")
def knows_seven_spans(spans):
    chain = _chain(spans)
    return _longest(_parts(chain[:3]))


@wrong("in this order")
def seconds_first(spans):
    name, kind, seconds = by_the_chain(spans)
    return seconds, name, kind


@wrong("and not a name, a kind and seconds")
def the_name_alone(spans):
    return {"slow": by_the_chain(spans)[0]}


@wrong("KeyError", status="your code raised")
def believes_that_every_parent_is_there(spans):
    by_id = {"": None, **{span.span_id: span for span in spans}}
    span = max(spans, key=lambda one: one.end_s)
    while span is not None:
        span = by_id[span.parent_id]
    return by_the_chain(spans)


@right
def to_the_microsecond(spans):
    name, kind, seconds = by_the_chain(spans)
    return name, kind, round(seconds, 6)


@wrong("the parent is found by its id")
def finds_parents_by_name(spans):
    names = {span.span_id: span.name for span in spans}
    by_name = {span.name: span for span in spans}
    chain = [max(spans, key=lambda one: one.end_s)]
    while chain[-1].parent_id in names and len(chain) <= len(spans):
        chain.append(by_name[names[chain[-1].parent_id]])
    return _longest(_parts(chain))


@wrong("Two parts with one name")
def adds_up_parts_of_a_name(spans):
    whole = {}
    for name, kind, seconds in _parts(_chain(spans)):
        whole[name, kind] = whole.get((name, kind), 0) + seconds
    (name, kind), seconds = max(whole.items(), key=lambda item: item[1])
    return name, kind, seconds


@wrong("may have a child that ended long before")
def begins_at_the_last_leaf(spans):
    parents = {span.parent_id for span in spans}
    leaves = [span for span in spans if span.span_id not in parents]
    return _longest(_parts(_chain(spans, max(leaves, key=lambda one: one.end_s))))


@wrong("is not what its parent's work is shortened by")
def subtracts_a_child_s_length(spans):
    chain, parts = _chain(spans), []
    for child, span in zip([None, *chain[:-1]], chain, strict=True):
        work_s = span.end_s - span.start_s
        if child and child.start_s < span.end_s:
            work_s -= min(child.end_s, span.end_s) - child.start_s
        parts.append((span.name, "work", work_s))
    waits = [part for part in _parts(chain) if part[1] == "wait"]
    return _longest(parts + waits)


@wrong("rounded too far")
def to_a_tenth(spans):
    name, kind, seconds = by_the_chain(spans)
    return name, kind, round(seconds, 1)
