"""The storm itself: events in the order of virtual time, handlers in threads that park.

A handler runs freely until it is about to call somebody. There it parks, and goes on at
the moment when the call would have been carried out; meanwhile others run, as they do
when fifty invocations are in flight. Only one thread ever runs at a time, so the same
design in the same weather comes to the same end.

The functions are real, and so are their calls to DynamoDB (the mock's) and to the bank
(a web application in this process). What is a model: the queues (see `queues`), the
event sources (they take whatever is visible, five batches at once at first and 300 more
each minute, up to `concurrency`), and how long things take (see `pace`).
The SDK's own retries are left out: a handler sees each fault.
"""

import copy
import heapq
import itertools
from collections.abc import Callable
from dataclasses import dataclass, field
from random import Random
from typing import Any

from workbook.cloud import clock
from workbook.cloud.fresh import fresh_cloud
from workbook.explore.faults import carry_out
from workbook.explore.interception import Interception
from workbook.explore.invocation import Invocation, Request, Stuck
from workbook.explore.world import Reply
from workbook.facts import fact
from workbook.providers import Charge, in_process
from workbook.storm.bank import Bank, FestivalBank, kept_yen
from workbook.storm.bill import Meter
from workbook.storm.books import Books
from workbook.storm.design import BUYERS, Design, Shop, Stage, open_tables
from workbook.storm.pace import duration_s, is_silent
from workbook.storm.queues import Message, Queue
from workbook.storm.result import Result, Sample
from workbook.storm.sending import place, send
from workbook.storm.weather import Weather

__all__ = ["HORIZON_S", "Machine", "run"]

POLLERS = fact("lambda.sqs.pollers.start").value
POLLERS_A_MINUTE = fact("lambda.sqs.pollers.growth").value
START_S = 0.02  # from a visible message to a running handler
HORIZON_S = 3_600.0
PATIENCE_S = 5.0  # of real time, for a handler to call or to end
_MOST_CALLS = 60  # of one invocation for one message
_SAMPLE_S = 2.0


@dataclass(eq=False)
class _Batch:
    """An invocation: its messages, with the receipt of each, and how it is doing."""

    queue: str
    number: int
    messages: list[tuple[Message, int]]
    run: Invocation
    began_s: float
    memory: dict
    now: Message | None = None
    failed: set[Message] = field(default_factory=set)


class Machine:
    """One storm over one design. `watch(sample)` is told every two virtual seconds."""

    def __init__(
        self,
        design: Design,
        weather: Weather,
        *,
        watch: Callable[[Sample], Any] | None = None,
    ) -> None:
        self.design, self.weather, self.watch = design, weather, watch
        self.rng = Random(weather.seed + 2)
        self.queues = {
            name: Queue(name, stage.visibility_s, stage.max_receives)
            for name, stage in design.stages.items()
        }
        self.running: dict[str, set[_Batch]] = {name: set() for name in self.queues}
        self.idle: dict[str, list[dict]] = {name: [] for name in self.queues}
        self.meter, self.books = Meter(), Books(weather)
        self.now_s = 0.0
        self.stuck = ""
        self._heap: list[tuple[float, int, Callable[[], None]]] = []
        self._numbers, self._runs = itertools.count(), itertools.count(1)

    # --- time -------------------------------------------------------------------------

    def at(self, when_s: float, action: Callable[[], None]) -> None:
        """Do something at a moment, in seconds after the opening."""
        heapq.heappush(self._heap, (when_s, next(self._numbers), action))

    def run(self) -> Result:
        """Let the storm pass, and say what it left."""
        self.bank = FestivalBank(sleep=lambda _: None)
        with fresh_cloud(), Interception([self.bank]).installed():
            self.opened_s = clock.seconds()
            self._open()
            try:
                self._pass_time()
            finally:
                for batch in itertools.chain(*self.running.values()):
                    batch.run.abandon()
            return self._result()

    def _open(self) -> None:
        office = open_tables(self.weather.seats)
        account = in_process(self.bank).open_account()
        self.shop = Shop(office.seats, office.orders, Bank(account.client()), send)
        for click in self.weather.clicks():
            self.at(click.at_s, lambda c=click: self._arrive(c))
        if self.design.redrive_after_s is not None:
            self.at(self.design.redrive_after_s, self._redrive)
        self.at(0.0, self._sample)

    def _pass_time(self) -> None:
        while self._heap and not self.stuck:
            self.now_s, _, action = heapq.heappop(self._heap)
            if self.now_s > HORIZON_S:
                break
            clock.advance_to(self.opened_s + self.now_s)
            action()

    # --- queues -----------------------------------------------------------------------

    def _arrive(self, click: Any) -> None:
        self.meter.queue()
        self.books.write(click.order_id, self.now_s, "sent", "orders")
        self._put("orders", Message(click.body, click.order_id, self.now_s))

    def _put(self, queue: str, message: Message) -> None:
        self.queues[queue].send(message)
        self._poll(queue)

    def _poll(self, name: str) -> None:
        """Let the event source take messages, while it may run another function."""
        queue, stage = self.queues[name], self.design.stages[name]
        while queue.visible and len(self.running[name]) < self._most_at_once(stage):
            dead = len(queue.dead)
            messages = queue.receive(stage.batch_size)
            for message in queue.dead[dead:]:
                self.books.write(message.order_id, self.now_s, "dead", name)
            if messages:
                self._invoke(name, stage, messages)

    def _most_at_once(self, stage: Stage) -> float:
        """What the event source may run: it has grown since the sale began."""
        grown = POLLERS + POLLERS_A_MINUTE * self.now_s / 60
        return min(stage.concurrency, grown)

    def _invoke(self, name: str, stage: Stage, messages: list[Message]) -> None:
        self.meter.queue()
        for message in messages:
            receipt = message.receives
            again_s = self.now_s + stage.visibility_s
            self.at(again_s, lambda m=message, r=receipt: self._show(name, m, r))
            if self.rng.random() < self.weather.duplicated:
                late_s = self.now_s + self.rng.uniform(0, 20)
                self.at(late_s, lambda m=message: self._duplicate(name, m))
        number = next(self._runs)
        batch = _Batch(
            name,
            number,
            [(message, message.receives) for message in messages],
            Invocation(number, 1, patience_s=PATIENCE_S),
            self.now_s + START_S,
            self.idle[name].pop() if self.idle[name] else {},
        )
        self.running[name].add(batch)
        self.at(batch.began_s, lambda: self._begin(batch))

    def _show(self, name: str, message: Message, receipt: int) -> None:
        if self.queues[name].show_again(message, receipt):
            self._poll(name)

    def _duplicate(self, name: str, message: Message) -> None:
        self.queues[name].copy(message)
        self._poll(name)

    def _redrive(self) -> None:
        for name, queue in self.queues.items():
            for message in queue.redrive(self.now_s):
                self.books.write(message.order_id, self.now_s, "redriven", name)
            self._poll(name)

    # --- invocations ------------------------------------------------------------------

    def _begin(self, batch: _Batch) -> None:
        shop = Shop(
            self.shop.seats, self.shop.orders, self.shop.bank, send, batch.memory
        )
        self._let(batch, lambda: batch.run.start(lambda: self._handle(batch, shop)))

    def _handle(self, batch: _Batch, shop: Shop) -> None:
        """The loop over a batch, with partial failures (in the handler's thread)."""
        handler = self.design.stages[batch.queue].handler
        for message, receipt in batch.messages:
            batch.now = message
            self._write(batch, "delivered", attempt=receipt)
            try:
                handler(copy.deepcopy(message.body), shop)
            except Exception as error:
                batch.failed.add(message)
                self._write(batch, "failed", text=type(error).__name__)
            else:
                self._write(batch, "done")

    def _let(self, batch: _Batch, go: Callable[[], None]) -> None:
        """Let an invocation go on, up to its next call or its end."""
        try:
            go()
        except Stuck:
            self.stuck = (
                f"a function of “{batch.queue}” ran for {PATIENCE_S:g} s without "
                "calling anybody or ending"
            )
            return
        if batch.run.ended:
            self._end(batch)
        elif batch.run.calls >= _MOST_CALLS * len(batch.messages):
            self.stuck = f"a function of “{batch.queue}” calls on and on"
        else:
            self._park(batch)

    def _park(self, batch: _Batch) -> None:
        """Set the moment of the parked call, or of the timeout if that is earlier."""
        timeout_s = batch.began_s + self.design.stages[batch.queue].timeout_s
        call = batch.run.request, self.weather, self.now_s
        done_s = self.now_s + duration_s(*call, self.rng)
        silent = is_silent(*call)
        if done_s > timeout_s:
            self.at(timeout_s, lambda: self._time_out(batch))
        else:
            self.at(done_s, lambda: self._resume(batch, silent=silent))

    def _resume(self, batch: _Batch, *, silent: bool) -> None:
        asks = batch.run.request.service != "time"
        fate = self.weather.fate(self.rng) if asks else "ok"
        if silent and not fate.startswith("crash"):
            fate = "request lost"
        request = batch.run.request
        target, words = place(request)
        self._write(batch, "call", text=words, target=target, fate=fate)
        self._let(
            batch, lambda: batch.run.resume(lambda r: self._answer(batch, r, fate))
        )

    def _answer(self, batch: _Batch, request: Request, fate: str) -> Reply:
        if request.service == "time":
            return Reply()
        return carry_out(request, fate, lambda _: self._perform(batch, request))

    def _perform(self, batch: _Batch, request: Request) -> Reply:
        try:
            if request.operation == "SendMessage":
                reply = Reply(self._deliver(batch, **request.params))
            else:
                reply = Reply(request.perform())
        except Exception as error:  # whatever a call raises is the handler's to catch
            reply = Reply(error=error)
        self.meter.note(request, reply)
        return reply

    def _deliver(self, batch: _Batch, queue: str, message: dict) -> None:
        """A message that a handler has sent arrives."""
        if queue != BUYERS and queue not in self.queues:
            raise ValueError(f"no stage of this design reads {queue!r}")
        order_id = batch.now.order_id
        self.books.write(order_id, self.now_s, "sent", queue, run=batch.number)
        if queue == BUYERS:
            self.books.tell(self.now_s, message)
        else:  # taken up by its event source once this thread has parked
            self.at(
                self.now_s,
                lambda: self._put(queue, Message(message, order_id, self.now_s)),
            )

    def _time_out(self, batch: _Batch) -> None:
        batch.run.abandon()
        self._write(batch, "timed out")
        self._over(batch, done=())

    def _end(self, batch: _Batch) -> None:
        if batch.run.error is not None:  # sys.exit(), say: the process is gone
            self._write(batch, "failed", text=type(batch.run.error).__name__)
        if batch.run.crashed or batch.run.error is not None:
            self._over(batch, done=())
            return
        self.idle[batch.queue].append(batch.memory)
        self._over(batch, [one for one in batch.messages if one[0] not in batch.failed])

    def _over(self, batch: _Batch, done: Any) -> None:
        self.books.errors += len(batch.messages) - len(done)
        self.meter.ran(self.now_s - batch.began_s)
        for message, receipt in done:
            self.queues[batch.queue].delete(message, receipt)
        if done:
            self.meter.queue()
        self.running[batch.queue].discard(batch)
        self._poll(batch.queue)

    # --- what is seen of it -----------------------------------------------------------

    def _write(self, batch: _Batch, kind: str, **more: Any) -> None:
        order_id = batch.now.order_id if batch.now else ""
        self.books.write(
            order_id, self.now_s, kind, batch.queue, run=batch.number, **more
        )

    def _sample(self) -> None:
        waiting = {name: queue.waiting() for name, queue in self.queues.items()}
        dead = sum(len(queue.dead) for queue in self.queues.values())
        charges = sum(one.taken and one.amount_yen > 0 for one in self._charges())
        sample = self.books.sample(self.now_s, waiting, charges, dead)
        if self.watch is not None:
            self.watch(sample)
        if self._heap:
            self.at(self.now_s + _SAMPLE_S, self._sample)

    def _charges(self) -> list[Charge]:
        accounts = self.bank.state.values()
        return [charge for account in accounts for charge in account.books.charges]

    def _result(self) -> Result:
        letters = [one for queue in self.queues.values() for one in queue.dead]
        return Result(
            design=self.design.name,
            weather=self.weather,
            buyers=self.books.buyers,
            told=tuple(self.books.told),
            charges_yen=kept_yen(self._charges()),
            dead=tuple(sorted(one.order_id for one in letters)),
            samples=tuple(self.books.samples),
            usd=self.meter.usd(),
            calls=self.meter.calls,
            invocations=next(self._runs) - 1,
            errors=self.books.errors,
            ended_s=self.now_s,
            stuck=self.stuck,
            lines=self.books.lines,
        )


def run(
    design: Design,
    weather: Weather | None = None,
    *,
    watch: Callable[[Sample], Any] | None = None,
) -> Result:
    """The storm over a design: `weather` is the full one unless you say otherwise."""
    return Machine(design, weather or Weather(), watch=watch).run()
