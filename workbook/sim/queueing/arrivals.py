"""When requests arrive: like a clock, at random, by a profile, or in a spike."""

from collections.abc import Sequence

import numpy as np

from workbook.sim.checks import at_least, positive

__all__ = ["evenly", "poisson", "profile", "spike"]


def evenly(*, rate_per_s: float, duration_s: float) -> np.ndarray:
    """Arrival times in [0, `duration_s`), the first at 0, 1 / `rate_per_s` apart."""
    positive(rate_per_s=rate_per_s)
    at_least(0, duration_s=duration_s)
    times_s = np.arange(int(rate_per_s * duration_s) + 1) / rate_per_s
    return times_s[times_s < duration_s]


def poisson(*, rate_per_s: float, duration_s: float, seed: int) -> np.ndarray:
    """Arrival times of a Poisson process in [0, `duration_s`), sorted.

    Given their number, the arrivals of a Poisson process are uniform: so no sum of
    gaps is needed (Ross, Introduction to Probability Models, section 5.3).
    """
    at_least(0, rate_per_s=rate_per_s, duration_s=duration_s)
    rng = np.random.default_rng(seed)
    return _uniform(rng, rate_per_s, 0.0, duration_s)


def profile(*, rates_per_s: Sequence[float], step_s: float, seed: int) -> np.ndarray:
    """Arrivals at `rates_per_s[0]` for `step_s` seconds, then at the next, and so on.

    By inversion: a Poisson process of rate 1, on the scale of expected arrivals, is
    bent back to time (Devroye, Non-Uniform Random Variate Generation, section VI.1.3).
    The times are sorted and lie in [0, `step_s` · number of rates).
    """
    positive(step_s=step_s)
    for place, rate_per_s in enumerate(rates_per_s):
        at_least(0, **{f"rates_per_s[{place}]": rate_per_s})
    expected = np.concatenate([[0.0], np.cumsum(rates_per_s)]) * step_s
    rng = np.random.default_rng(seed)
    reached = _uniform(rng, 1.0, 0.0, expected[-1])
    return np.interp(reached, expected, np.arange(len(expected)) * step_s)


def spike(
    *,
    base_per_s: float,
    peak_per_s: float,
    spike_start_s: float,
    spike_s: float,
    duration_s: float,
    seed: int,
) -> np.ndarray:
    """Arrivals at `base_per_s`, and at `peak_per_s` for `spike_s` from `spike_start_s`.

    A Poisson process in each of the three stretches; the times are sorted. The spike
    may not reach beyond `duration_s`.
    """
    at_least(0, base_per_s=base_per_s, spike_start_s=spike_start_s, spike_s=spike_s)
    positive(peak_per_s=peak_per_s, duration_s=duration_s)
    end_s = spike_start_s + spike_s
    if end_s > duration_s:
        raise ValueError(
            f"the spike ends at {end_s:g} s, after duration_s={duration_s:g}: "
            "let the run last longer"
        )
    rng = np.random.default_rng(seed)
    return np.concatenate(
        [
            _uniform(rng, base_per_s, 0.0, spike_start_s),
            _uniform(rng, peak_per_s, spike_start_s, end_s),
            _uniform(rng, base_per_s, end_s, duration_s),
        ]
    )


def _uniform(
    rng: np.random.Generator, rate_per_s: float, from_s: float, to_s: float
) -> np.ndarray:
    times_s = rng.random(rng.poisson(rate_per_s * (to_s - from_s)))
    times_s *= to_s - from_s
    times_s += from_s
    times_s.sort()
    return times_s
