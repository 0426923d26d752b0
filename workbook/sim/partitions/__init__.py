"""Partitions: hot keys, write sharding, splits for heat, and what is throttled."""

from workbook.sim.partitions.keys import hot_key_weights, zipf_weights
from workbook.sim.partitions.results import Traffic
from workbook.sim.partitions.simulate import hot_partitions
from workbook.sim.partitions.splitting import Splitting, split_for_heat
from workbook.sim.partitions.theory import throttled_share, write_limit_per_s

__all__ = [
    "Splitting",
    "Traffic",
    "hot_key_weights",
    "hot_partitions",
    "split_for_heat",
    "throttled_share",
    "write_limit_per_s",
    "zipf_weights",
]
