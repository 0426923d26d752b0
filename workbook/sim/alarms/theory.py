"""Closed forms for alarms on M out of N independent datapoints.

An alarm starts when a breach comes in, a datapoint that is no breach drops out, and
exactly M-1 of the N-1 between them breach: so often false alarms come
(`false_alarms_per_s`). ALARM is on while at least M of N breach, a binomial tail.

The time to detection is a first passage of a Markov chain whose state is which of the
last N-1 datapoints breach, as bits, the newest in the lowest: `detection_probability`
takes its steps, `mean_detection_s` solves its linear equations (Kemeny and Snell,
*Finite Markov Chains*, 1960, chapter 3). For M = N it is the run of M breaches:
(1 - p^M) / (p^M (1 - p)) periods (Feller I, XIII.7).
"""

import math

import numpy as np

from workbook.sim.checks import count, positive, probability

__all__ = [
    "MOST_PERIODS",
    "checked_alarm",
    "detection_probability",
    "false_alarms_per_s",
    "mean_detection_s",
    "share_in_alarm",
]

MOST_PERIODS = 12  # of the chains: the states double with each


def checked_alarm(datapoints_to_alarm: int, evaluation_periods: int) -> None:
    """Refuse an alarm that is not 1 <= M <= N."""
    count(
        datapoints_to_alarm=datapoints_to_alarm, evaluation_periods=evaluation_periods
    )
    if datapoints_to_alarm > evaluation_periods:
        raise ValueError(
            f"datapoints_to_alarm={datapoints_to_alarm} is more than "
            f"evaluation_periods={evaluation_periods}: the alarm could never go off"
        )


def false_alarms_per_s(
    *,
    breach_probability: float,
    datapoints_to_alarm: int,
    evaluation_periods: int,
    period_s: float,
) -> float:
    """Alarms a second, in the long run, while datapoints breach by chance."""
    checked_alarm(datapoints_to_alarm, evaluation_periods)
    probability(breach_probability=breach_probability)
    positive(period_s=period_s)
    between = _binomial(
        evaluation_periods - 1, datapoints_to_alarm - 1, breach_probability
    )
    return between * breach_probability * (1 - breach_probability) / period_s


def share_in_alarm(
    *, breach_probability: float, datapoints_to_alarm: int, evaluation_periods: int
) -> float:
    """The share of the time in ALARM, in the long run."""
    checked_alarm(datapoints_to_alarm, evaluation_periods)
    probability(breach_probability=breach_probability)
    enough = range(datapoints_to_alarm, evaluation_periods + 1)
    return sum(_binomial(evaluation_periods, m, breach_probability) for m in enough)


def detection_probability(
    periods: int,
    *,
    failing_probability: float,
    datapoints_to_alarm: int,
    evaluation_periods: int,
    healthy_probability: float = 0.0,
) -> np.ndarray:
    """P(the alarm is on within n periods of a failure), n from 0: shape (periods + 1,).

    Before it, datapoints breach with `healthy_probability`: at n = 0 the alarm may be
    on by chance.
    """
    count(0, periods=periods)
    chain = _Chain(failing_probability, datapoints_to_alarm, evaluation_periods)
    waiting = chain.before(healthy_probability)
    left = [waiting.sum()]
    for _ in range(periods):
        waiting = chain.step(waiting)
        left.append(waiting.sum())
    return 1 - np.array(left)


def mean_detection_s(
    *,
    failing_probability: float,
    datapoints_to_alarm: int,
    evaluation_periods: int,
    period_s: float,
    healthy_probability: float = 0.0,
) -> float:
    """Mean time in seconds from the start of a failure to the alarm; 0 if it is on."""
    positive(period_s=period_s, failing_probability=failing_probability)
    chain = _Chain(failing_probability, datapoints_to_alarm, evaluation_periods)
    return float(chain.before(healthy_probability) @ chain.mean_periods() * period_s)


def _binomial(number: int, hits: int, chance: float) -> float:
    return math.comb(number, hits) * chance**hits * (1 - chance) ** (number - hits)


class _Chain:
    """The last N-1 datapoints as bits, as long as the alarm has not gone off.

    Arrays over the states have the shape (2^(N-1),); `breaches` counts the bits.
    """

    def __init__(self, chance: float, m: int, n: int) -> None:
        checked_alarm(m, n)
        probability(failing_probability=chance)
        if n > MOST_PERIODS:
            raise ValueError(
                f"evaluation_periods={n}: the chain has 2^{n - 1} states; simulate "
                f"alarms of more than {MOST_PERIODS} periods"
            )
        self.chance, self.m, self.n = chance, m, n
        states = np.arange(2 ** (n - 1))
        self.breaches = np.array([int(state).bit_count() for state in states])
        self.good = (2 * states) % len(states)  # the next state after no breach
        self.bad = (2 * states + 1) % len(states)  # and after a breach, if n > 1
        self.waits_on_breach = self.breaches + 1 < m

    def before(self, chance: float) -> np.ndarray:
        """P(state, and no alarm) at the start, the last N breaching with `chance`.

        Where M-1 of the N-1 breach, the one before them must not.
        """
        probability(healthy_probability=chance)
        state = chance**self.breaches * (1 - chance) ** (self.n - 1 - self.breaches)
        oldest = np.where(self.waits_on_breach, 1.0, 1 - chance)
        return state * oldest * (self.breaches < self.m)

    def step(self, waiting: np.ndarray) -> np.ndarray:
        """P(state, and no alarm) one period later."""
        on_good = waiting * (1 - self.chance)
        on_breach = waiting * self.chance * self.waits_on_breach
        after = np.zeros(len(waiting))
        np.add.at(after, self.good, on_good)
        np.add.at(after, self.bad, on_breach)
        return after

    def mean_periods(self) -> np.ndarray:
        """Mean periods to the alarm from each state; 0 where it is on."""
        live = np.flatnonzero(self.breaches < self.m)
        place = np.full(len(self.breaches), -1)
        place[live] = np.arange(len(live))
        equations = np.eye(len(live))
        rows = np.arange(len(live))
        equations[rows, place[self.good[live]]] -= 1 - self.chance
        stays = self.waits_on_breach[live]
        equations[rows[stays], place[self.bad[live][stays]]] -= self.chance
        mean = np.zeros(len(self.breaches))
        mean[live] = np.linalg.solve(equations, np.ones(len(live)))
        return mean
