"""How long each call of a storm takes, and when the bank does not answer.

These times are our guesses, drawn with the weather's seed.
"""

from random import Random

from workbook.explore.invocation import Request
from workbook.storm.weather import Weather

__all__ = ["CALL_S", "duration_s", "is_silent"]

# Seconds that a call takes on average: half of it fixed, half exponential.
CALL_S = {
    "GetItem": 0.004,
    "TransactWriteItems": 0.016,
    "SendMessage": 0.008,
    "POST /v1/charges": 0.25,
    "POST /v1/refunds": 0.25,
}
_OTHER_CALL_S = 0.008
_SILENCE_S = 3.0  # how long the shop waits for a bank that does not answer


def is_silent(request: Request, weather: Weather, now_s: float) -> bool:
    """Whether a call to the bank begins during the outage."""
    begins_s, ends_s = weather.outage_s
    return request.protocol == "http" and begins_s <= now_s < ends_s


def duration_s(request: Request, weather: Weather, now_s: float, rng: Random) -> float:
    """Seconds that a call takes which begins at `now_s` seconds after the opening."""
    if request.service == "time":
        return request.params["seconds"]
    if is_silent(request, weather, now_s):
        return _SILENCE_S
    mean_s = CALL_S.get(request.operation.partition("?")[0], _OTHER_CALL_S)
    return mean_s / 2 + rng.expovariate(2 / mean_s)
