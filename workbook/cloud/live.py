"""A chapter's cells in an environment: with it, or with a word on why there is none.

    live = Live(TEMPLATE, name="progress")
    live(work)                  # work(env), or a note that says why it could not be

The environment starts with the first cell that needs it. Where the emulator is missing,
or is killed in the middle of a cell, that cell shows a note instead of its result, and
the rest of the notebook goes on. Running the cell again starts a new environment.
"""

from collections.abc import Callable
from pathlib import Path
from typing import Any

from workbook.cloud.environment import (
    Environment,
    EnvironmentUnavailable,
    environment,
)

__all__ = ["Live", "NotLive"]


class NotLive:
    """Why a cell shows no result: falsy, and its text is the reason."""

    def __init__(self, reason: EnvironmentUnavailable) -> None:
        self.reason = reason

    def __bool__(self) -> bool:
        return False

    def __repr__(self) -> str:
        return (
            f"not run: {self.reason}\nThe rest of the chapter does without it. Run "
            "this cell again to try with a new environment."
        )


class Live:
    """One environment for some cells, made when it is needed; see the module.

    `template` and `options` are those of `environment`.
    """

    def __init__(self, template: str | Path | None = None, **options: Any) -> None:
        self._template, self._options = template, {"progress": False, **options}
        self._env: Environment | None = None

    def __call__(self, work: Callable[[Environment], Any]) -> Any:
        """What `work(env)` returns; a `NotLive` if there is no environment.

        An error of `work` itself comes out, unless the emulator has died: then it is
        what follows from that.
        """
        try:
            env = self._environment()
            try:
                return work(env)
            except Exception:
                env.emulator.demand_alive()
                raise
        except EnvironmentUnavailable as reason:
            self.close()
            return NotLive(reason)

    def close(self) -> None:
        """End the environment, if there is one; the next call makes another."""
        env, self._env = self._env, None
        if env is not None:
            env.close()

    def _environment(self) -> Environment:
        if self._env is None:
            self._env = environment(self._template, **self._options)
        return self._env

    def __repr__(self) -> str:
        return repr(self._env) if self._env else "no environment yet"
