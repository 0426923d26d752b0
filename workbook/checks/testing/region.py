"""A region to deploy into, on paper: stacks that take a while, fail, and stay."""

from dataclasses import dataclass, field

__all__ = ["DeployFailed", "Region", "Throttled"]

_OTHER = "somebody-elses"


class DeployFailed(Exception):
    """The stack could not be created."""


class Throttled(Exception):
    """Too many requests: nothing was done, ask again."""


@dataclass
class Region:
    """Where stacks live, and what goes wrong there.

    `breaks` lets `create` raise when the stack is there already, `fails` is what
    `wait_until_complete` raises, and `throttles` is how many times `delete` is refused
    before it works. `log` has each call, and `stacks` what is complete by name.
    """

    breaks: Exception | None = None
    fails: Exception | None = None
    throttles: int = 0
    stacks: dict[str, bool] = field(default_factory=lambda: {_OTHER: True})
    log: list[str] = field(default_factory=list)

    def create(self, name: str) -> None:
        """Begin to create a stack, and return at once. A name can be had once."""
        self.log.append("create")
        if name in self.stacks:
            raise ValueError(f"AlreadyExists: there is a stack {name!r}")
        self.stacks[name] = False
        if self.breaks:
            raise self.breaks

    def wait_until_complete(self, name: str) -> None:
        """Wait until the stack is there; raise DeployFailed or TimeoutError if not."""
        self.log.append("wait until complete")
        if name not in self.stacks:
            raise ValueError(f"ValidationError: there is no stack {name!r}")
        if self.fails:
            raise self.fails
        self.stacks[name] = True

    def wait(self) -> None:
        """Let a second pass, on paper."""
        self.log.append("wait")

    def delete(self, name: str) -> None:
        """Delete a stack, whatever state it is in; one that is not there is fine."""
        self.log.append("delete")
        if self.throttles:
            self.throttles -= 1
            raise Throttled("Rate exceeded")
        self.stacks.pop(name, None)

    @property
    def left(self) -> bool:
        """Whether a stack that the answer has made is still there."""
        return set(self.stacks) > {_OTHER}

    @property
    def robbed(self) -> bool:
        """Whether a stack is gone that the answer has not made."""
        return _OTHER not in self.stacks
