"""One behaviour of AWS: what is documented, and code that looks at what happens."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from .places import Place

__all__ = ["Scenario", "documented", "error_of"]

Observe = Callable[["Place"], str]


@dataclass(frozen=True)
class Scenario:
    """A behaviour, in words, and a function that observes it in a place.

    `documented` is what AWS says must be observed, on the page `source`, read on the
    day `read`. Where the documentation leaves it open, `allowed` has what may be
    observed.
    """

    id: str
    service: str
    behaviour: str
    documented: str
    source: str
    read: str
    observe: Observe = field(repr=False)
    allowed: tuple[str, ...] = ()

    def permits(self, observed: str) -> bool:
        """Whether what was observed is what the documentation says."""
        return observed in (self.allowed or (self.documented,))


def documented(
    behaviour: str,
    says: str,
    source: str,
    *,
    read: str = "2026-11-29",
    allowed: tuple[str, ...] = (),
) -> Callable[[Observe], Scenario]:
    """Make a scenario of the function below: `says` is what it must return.

    The service is the last part of the module's name, the id the function's name.
    """

    def scenario(observe: Observe) -> Scenario:
        service, name = observe.__module__.rpartition(".")[2], observe.__name__
        address = f"https://docs.aws.amazon.com/{source}"
        return Scenario(name, service, behaviour, says, address, read, observe, allowed)

    return scenario


def error_of(call: Callable[[], object]) -> str:
    """The error code that a call is refused with, or "accepted"."""
    from botocore.exceptions import ClientError

    try:
        call()
    except ClientError as error:
        return error.response["Error"]["Code"]
    return "accepted"
