"""How a simulated mean is held against what it should be.

Thirty seeds, each an independent estimate. The mean of the estimates must lie within
four standard errors of the reference, and those four must be at most 3% of it: a test
that could pass with any number is none. The spread between the seeds must be there, and
near the theoretical one where that is known: it catches a formula returned as if it had
been simulated, and a seed that is ignored.
"""

import math
from statistics import fmean, stdev

SEEDS = range(30)


def assert_close(
    estimate, reference, *, reference_se=0.0, sd=None, power=0.03, seeds=SEEDS
):
    """Hold `estimate(seed)`, a float, against `reference`, for each of the seeds.

    `sd` is the theoretical standard deviation of one estimate, if it is known.
    """
    found = [float(estimate(seed)) for seed in seeds]
    spread, mean = stdev(found), fmean(found)
    bound = 4 * math.sqrt(spread**2 / len(found) + reference_se**2)
    said = f"{mean:.6g} ± {bound:.2g} (4 standard errors) against {reference:.6g}"
    assert bound <= power * abs(reference), f"no power: {said}"
    assert spread > 0, f"every seed gives the same: {said}"
    if sd is not None:
        assert 0.5 * sd <= spread <= 2 * sd, f"spread {spread:.3g}, not {sd:.3g}"
    assert abs(mean - reference) <= bound, said
