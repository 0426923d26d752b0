"""Ask a second time when the first answer is late, and take whichever comes first.

Dean and Barroso, "The Tail at Scale" (2013). For reading, or for a call that carries a
key which the other side honours: both requests are carried out. In production: gRPC
has it built in (`hedgingPolicy`), and so have some databases' drivers.
"""

import functools
from concurrent.futures import FIRST_COMPLETED, Executor, Future, wait

from workbook.patterns.backend.compose import Call

__all__ = ["Hedge"]


class Hedge:
    """Make the call again if it has not answered within `after_s` seconds.

    Both run in threads of `executor`, which is the caller's to shut down. The first
    answer counts; an error counts only when no answer is left to hope for.
    """

    def __init__(self, *, after_s: float, executor: Executor) -> None:
        if after_s < 0:
            raise ValueError(f"after_s={after_s}: a delay of 0 or more")
        self.after_s, self.executor = after_s, executor
        self.calls = self.hedges = 0

    def __call__(self, call: Call) -> Call:
        """The call, hedged."""

        @functools.wraps(call)
        def hedged(*args, **options):
            self.calls += 1
            asked = [self.executor.submit(call, *args, **options)]
            done, _ = wait(asked, timeout=self.after_s)
            if not done:
                self.hedges += 1
                asked.append(self.executor.submit(call, *args, **options))
            return _first_answer(asked)

        return hedged


def _first_answer(asked: list[Future]) -> object:
    waiting = set(asked)
    while True:
        done, waiting = wait(waiting, return_when=FIRST_COMPLETED)
        answered = [future for future in done if future.exception() is None]
        if answered or not waiting:
            return (answered or list(done))[0].result()
