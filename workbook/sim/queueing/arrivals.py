"""When requests arrive: evenly at random, or in a spike."""

import numpy as np

from workbook.sim.checks import at_least, positive

__all__ = ["poisson", "spike"]


def poisson(*, rate_per_s: float, duration_s: float, seed: int) -> np.ndarray:
    """Arrival times of a Poisson process in [0, `duration_s`), sorted.

    Given their number, the arrivals of a Poisson process are uniform: so no sum of
    gaps is needed (Ross, Introduction to Probability Models, section 5.3).
    """
    at_least(0, rate_per_s=rate_per_s, duration_s=duration_s)
    rng = np.random.default_rng(seed)
    return _uniform(rng, rate_per_s, 0.0, duration_s)


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
