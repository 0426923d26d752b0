"""Who needs whom, as a template says it: whom each may call, and what feeds it.

    design = coupling(read("template.yaml"))
    design.propagation_cost, design.needed_by("Record")

Nobody draws this graph. A policy says what a function may do to a resource; an event
source, a rule, or a subscription says what feeds what; a destination says where answers
go. Where messages die is left out: nothing needs a dead-letter queue in order to work.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from .policies import Grant, grants_of
from .reading import MACHINE, Resource, Template

__all__ = ["Coupling", "Edge", "coupling"]


@dataclass(frozen=True, order=True)
class Edge:
    """`source` needs `target`: it invokes it, writes to it, reads it, or hears from it.

    A function hears from what feeds it: a queue, a stream, a bus. Where `folded` has
    left a function's own queue out, what writes to the queue "sends" to the function.
    """

    source: str
    target: str
    kind: str


@dataclass(frozen=True)
class Coupling:
    """The elements of a design, by their logical ids, and what needs what."""

    functions: tuple[str, ...]
    others: tuple[str, ...]
    edges: tuple[Edge, ...]

    @property
    def elements(self) -> tuple[str, ...]:
        """The functions, then everything else that somebody needs."""
        return self.functions + self.others

    @property
    def invocations(self) -> tuple[tuple[str, str], ...]:
        """Who calls which function and waits for its answer: pairs of names."""
        return tuple(
            (edge.source, edge.target) for edge in self.edges if edge.kind == "invokes"
        )

    def needs(self, element: str) -> set[str]:
        """What `element` needs, directly or through others; itself as well."""
        return set(self._reach(element, self._next))

    def needed_by(self, element: str) -> set[str]:
        """Who needs `element`, directly or through others; itself as well."""
        return set(self._reach(element, self._back))

    @property
    def propagation_cost(self) -> float:
        """The share of all elements that a change of one can reach, on average: 0 to 1.

        The density of the visibility matrix, whose entry (i, j) is 1 if i needs j
        directly or through others, or is j. MacCormack, Rusnak and Baldwin, "Exploring
        the Structure of Complex Software Designs", Management Science 52 (2006) 1015.
        Introduced in chapter 03.
        """
        reached = sum(len(self.needs(element)) for element in self.elements)
        return reached / len(self.elements) ** 2

    @property
    def blast_radius(self) -> float:
        """The share of all functions that a broken one stops, on average: 0 to 1.

        As `propagation_cost`, but functions alone are counted: those that wait for the
        broken one, directly or through others, and itself.
        """
        functions = set(self.functions)
        stopped = sum(len(self.needed_by(one) & functions) for one in functions)
        return stopped / len(functions) ** 2

    def folded(self) -> "Coupling":
        """The design with each function's own queues drawn into it.

        A queue is a function's own if it feeds that function and nobody else.
        """
        own = self._inboxes()
        folded = [_fold(edge, own) for edge in self.edges]
        return _made(self.functions, [edge for edge in folded if edge is not None])

    def _inboxes(self) -> dict[str, str]:
        """Each queue that feeds one function alone, and that function."""
        heard, read = _grouped(self._pairs("hears")), _grouped(self._pairs("reads"))
        return {
            name: next(iter(heard[name]))
            for name in self.others
            if len(heard.get(name, ())) == 1
            and heard[name] <= set(self.functions)
            and name not in read
        }

    def _pairs(self, kind: str) -> Iterator[tuple[str, str]]:
        return ((edge.target, edge.source) for edge in self.edges if edge.kind == kind)

    def without(self, pairs: Iterable[tuple[str, str]]) -> "Coupling":
        """The design without the edges between these pairs of source and target.

        Raises ValueError for a pair that no edge joins.
        """
        pairs = set(pairs)
        unknown = pairs - {(edge.source, edge.target) for edge in self.edges}
        if unknown:
            source, target = min(unknown)
            raise ValueError(f"{source} does not need {target}: there is no such edge")
        kept = [e for e in self.edges if (e.source, e.target) not in pairs]
        return _made(self.functions, kept)

    def _reach(self, start: str, steps: Mapping[str, set[str]]) -> Iterator[str]:
        if start not in self.elements:
            known = ", ".join(self.elements)
            raise KeyError(f"there is no {start!r} in this design; there are: {known}")
        seen, waiting = {start}, [start]
        while waiting:
            element = waiting.pop()
            yield element
            new = steps.get(element, set()) - seen
            seen |= new
            waiting += new

    @cached_property
    def _next(self) -> dict[str, set[str]]:
        return _grouped((edge.source, edge.target) for edge in self.edges)

    @cached_property
    def _back(self) -> dict[str, set[str]]:
        return _grouped((edge.target, edge.source) for edge in self.edges)


def coupling(template: Template) -> Coupling:
    """The graph of a template that `read` has read."""
    found: list[Edge] = []
    for function in template.functions.values():
        found += _of_policies(function)
        found += _of_events(function)
        found += _of_destinations(function)
    for machine in template.of_type(MACHINE).values():
        found += _of_policies(machine)
    for rule in template.of_type("AWS::Events::Rule").values():
        found += _of_rule(rule)
    for one in template.of_type("AWS::SNS::Subscription").values():
        said = one.properties
        found.append(Edge(_id(said["Endpoint"]), _id(said["TopicArn"]), "hears"))
    heard = {edge.target for edge in found if edge.kind == "hears"}
    graveyards = set(template.of_type("AWS::SQS::Queue")) - heard
    living = [edge for edge in found if edge.target not in graveyards]
    return _made(tuple(template.functions), living)


def _fold(edge: Edge, own: Mapping[str, str]) -> Edge | None:
    if edge.target in own:
        function = own[edge.target]
        return None if edge.source == function else Edge(edge.source, function, "sends")
    return Edge(own.get(edge.source, edge.source), edge.target, edge.kind)


def _made(functions: tuple[str, ...], edges: Iterable[Edge]) -> Coupling:
    edges = tuple(sorted(set(edges)))
    named = {name for edge in edges for name in (edge.source, edge.target)}
    others = tuple(sorted(named - set(functions)))
    return Coupling(functions, others, edges)


def _of_policies(resource: Resource) -> Iterator[Edge]:
    for grant in grants_of(resource):
        if grant.target != resource.id:
            yield Edge(resource.id, grant.target, _kind(grant))


def _kind(grant: Grant) -> str:
    verb = grant.action.split(":")[1]
    if verb in ("InvokeFunction", "StartExecution"):
        return "invokes"
    return "reads" if verb.startswith(("Get", "Query", "Scan", "Batch")) else "writes"


def _of_events(function: Resource) -> Iterator[Edge]:
    feeding = {"SQS": "Queue", "DynamoDB": "Stream", "SNS": "Topic"}
    for event in function.properties.get("Events", {}).values():
        said, key = event.get("Properties", {}), feeding.get(event["Type"])
        if event["Type"] == "EventBridgeRule":
            key = "EventBusName"
        if key in said:
            yield Edge(function.id, _id(said[key]), "hears")


def _of_destinations(function: Resource) -> Iterator[Edge]:
    config = function.properties.get("EventInvokeConfig", {})
    for said in config.get("DestinationConfig", {}).values():
        yield Edge(function.id, _id(said["Destination"]), "writes")


def _of_rule(rule: Resource) -> Iterator[Edge]:
    bus = rule.properties.get("EventBusName", "default")
    for target in rule.properties.get("Targets", ()):
        yield Edge(_id(target["Arn"]), _id(bus), "hears")


def _id(value: Any) -> str:
    """The logical id in a Ref or a GetAtt; a name as it stands."""
    if isinstance(value, dict):
        inner = value.get("Ref") or value["Fn::GetAtt"]
        return inner if isinstance(inner, str) else inner[0]
    return str(value)


def _grouped(pairs: Iterable[tuple[str, str]]) -> dict[str, set[str]]:
    found: dict[str, set[str]] = {}
    for one, other in pairs:
        found.setdefault(one, set()).add(other)
    return found
