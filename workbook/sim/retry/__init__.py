"""Retries: clients that get in each other's way, layers, budgets, and storms."""

from workbook.sim.retry.budget import (
    BOTOCORE_1_43,
    BOTOCORE_1_44,
    Quota,
    QuotaRun,
    attempts_with_quota,
    run_with_quota,
)
from workbook.sim.retry.contention import (
    BACKOFFS,
    Contention,
    backoff_s,
    contended_clients,
)
from workbook.sim.retry.layers import (
    LayeredCalls,
    layered_load,
    layered_success,
    layers_of_retries,
    retried_load,
    retried_success,
)
from workbook.sim.retry.storm import Storm, metastable_from, retry_storm
from workbook.sim.retry.tokens import Budget

__all__ = [
    "BACKOFFS",
    "BOTOCORE_1_43",
    "BOTOCORE_1_44",
    "Budget",
    "Contention",
    "LayeredCalls",
    "Quota",
    "QuotaRun",
    "Storm",
    "attempts_with_quota",
    "backoff_s",
    "contended_clients",
    "layered_load",
    "layered_success",
    "layers_of_retries",
    "metastable_from",
    "retried_load",
    "retried_success",
    "retry_storm",
    "run_with_quota",
]
