"""Answers to 12.4-template-lint."""

import json

from tests.zoo import right, wrong


def sources(template):
    queues = template.of_type("AWS::SQS::Queue")
    for function in template.functions.values():
        for event in function.properties.get("Events", {}).values():
            if event["Type"] == "SQS":
                yield queues[event["Properties"]["Queue"]["Fn::GetAtt"][0]], function


def impatient(template, times=6, visible=30, timeout=3):
    return {
        queue.id
        for queue, function in sources(template)
        if queue.properties.get("VisibilityTimeout", visible)
        < times * function.properties.get("Timeout", timeout)
    }


def endless(template):
    return {q.id for q, _ in sources(template) if "RedrivePolicy" not in q.properties}


def actions(function, effects=("Allow",)):
    for policy in function.properties.get("Policies", []):
        said = policy.get("Statement", [])
        for statement in said if isinstance(said, list) else [said]:
            if statement["Effect"] in effects:
                action = statement["Action"]
                yield from action if isinstance(action, list) else [action]


def mighty(template):
    functions = template.functions.values()
    return {f.id for f in functions if any("*" in action for action in actions(f))}


@wrong("a queue hides messages for 59 s")
def only_as_long_as_the_function(template):
    return impatient(template, times=1) | endless(template) | mighty(template)


@wrong("its function's own Timeout is 30")
def the_timeout_of_all(template):
    common = template.body.get("Globals", {}).get("Function", {}).get("Timeout", 3)
    short = {
        queue.id
        for queue, _ in sources(template)
        if queue.properties.get("VisibilityTimeout", 30) < 6 * common
    }
    return short | endless(template) | mighty(template)


@wrong("a queue has no VisibilityTimeout")
def no_timeout_is_long_enough(template):
    return impatient(template, visible=900) | endless(template) | mighty(template)


@wrong("has no RedrivePolicy")
def queues_may_have_no_end(template):
    return impatient(template) | mighty(template)


@wrong("Archive, Dead")
def every_queue_needs_an_end(template):
    queues = template.of_type("AWS::SQS::Queue").values()
    lacking = {q.id for q in queues if "RedrivePolicy" not in q.properties}
    return impatient(template) | lacking | mighty(template)


@wrong("It complains of Take in a template that is sound, as it is")
def any_star_at_all(template):
    functions = template.functions.values()
    stars = {f.id for f in functions if "*" in json.dumps(f.properties)}
    return impatient(template) | endless(template) | stars


@wrong("It does not complain: a function may do everything to a table")
def only_the_whole_star(template):
    functions = template.functions.values()
    stars = {f.id for f in functions if "*" in actions(f)}
    return impatient(template) | endless(template) | stars


@wrong("all whose name begins with Get")
def a_service_and_a_star(template):
    functions = template.functions.values()
    stars = {
        f.id for f in functions if any(a == "*" or a.endswith(":*") for a in actions(f))
    }
    return impatient(template) | endless(template) | stars


@wrong(
    "It complains of Take in a template that is sound, as it is",
    same_as="any_star_at_all",
)
def a_ban_is_a_permission(template):
    functions = template.functions.values()
    stars = {
        f.id
        for f in functions
        if any("*" in action for action in actions(f, ("Allow", "Deny")))
    }
    return impatient(template) | endless(template) | stars


@wrong("one of several actions")
def one_action_alone(template):
    functions = template.functions.values()
    stars = set()
    for function in functions:
        for policy in function.properties.get("Policies", []):
            said = policy.get("Statement", [])
            for one in said if isinstance(said, list) else [said]:
                alone = isinstance(one["Action"], str) and "*" in one["Action"]
                stars |= {function.id} if alone and one["Effect"] == "Allow" else set()
    return impatient(template) | endless(template) | stars


@wrong("in a template that is sound, with a function of 3 s")
def ten_seconds_for_everybody(template):
    short = impatient(template, timeout=11)
    return short | endless(template) | mighty(template)


@wrong("Two queues are at fault")
def the_first_complaint(template):
    for rule in (impatient, endless, mighty):
        if found := rule(template):
            return found
    return set()


@wrong("not the ids of resources")
def a_sentence(template):
    return "all is well"


@wrong("KeyError", status="your code raised")
def every_function_has_events(template):
    for function in template.functions.values():
        for event in function.properties["Events"].values():
            assert event
    return set()


@wrong("with a function of 5 s, and a queue without a VisibilityTimeout")
def nothing_is_hidden_unless_said(template):
    return impatient(template, visible=0) | endless(template) | mighty(template)


@wrong("its function names no Timeout")
def no_timeout_is_none(template):
    return impatient(template, timeout=0) | endless(template) | mighty(template)


@wrong("with a Resource that is a star alone")
def every_resource(template):
    stars = {
        function.id
        for function in template.functions.values()
        for policy in function.properties.get("Policies", [])
        if "'Resource': '*'" in str(policy)
    }
    return impatient(template) | endless(template) | mighty(template) | stars


@wrong("a function may do all whose name ends with Item")
def a_star_at_the_end(template):
    functions = template.functions.values()
    stars = {f.id for f in functions if any(a.endswith("*") for a in actions(f))}
    return impatient(template) | endless(template) | stars


@wrong("the second statement allows everything")
def the_first_statement(template):
    stars = set()
    for function in template.functions.values():
        for policy in function.properties.get("Policies", []):
            said = policy.get("Statement", [])
            one = said[:1] if isinstance(said, list) else [said]
            if any("*" in str(s["Action"]) and s["Effect"] == "Allow" for s in one):
                stars.add(function.id)
    return impatient(template) | endless(template) | stars


@wrong("the second policy allows sqs:*")
def the_first_policy(template):
    stars = set()
    for function in template.functions.values():
        for policy in function.properties.get("Policies", [])[:1]:
            said = policy.get("Statement", [])
            every = said if isinstance(said, list) else [said]
            if any("*" in str(s["Action"]) and s["Effect"] == "Allow" for s in every):
                stars.add(function.id)
    return impatient(template) | endless(template) | stars


@wrong("a function's second queue is without a RedrivePolicy")
def the_first_queue_of_each(template):
    first = {}
    for queue, function in sources(template):
        first.setdefault(function.id, queue)
    fed = {queue.id for queue in first.values()}
    return (impatient(template) | endless(template)) & fed | mighty(template)


@right
def rule_by_rule(template):
    return sorted(impatient(template) | endless(template) | mighty(template))


@right
def in_one_pass(template):
    found = []
    for queue, function in sources(template):
        said = queue.properties
        needed_s = 6 * function.properties.get("Timeout", 3)
        if said.get("VisibilityTimeout", 30) < needed_s or not said.get(
            "RedrivePolicy"
        ):
            found.append(queue.id)
    for function in template.functions.values():
        text = json.dumps(list(actions(function)))
        found += [function.id] if "*" in text else []
    return found
