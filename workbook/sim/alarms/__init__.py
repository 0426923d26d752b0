"""Alarms on M out of N datapoints: false alarms against the time to detection."""

from workbook.sim.alarms.simulate import (
    Alarms,
    Detections,
    detections,
    in_alarm,
    quiet_watch,
)
from workbook.sim.alarms.theory import (
    MOST_PERIODS,
    detection_probability,
    false_alarms_per_s,
    mean_detection_s,
    share_in_alarm,
)

__all__ = [
    "MOST_PERIODS",
    "Alarms",
    "Detections",
    "detection_probability",
    "detections",
    "false_alarms_per_s",
    "in_alarm",
    "mean_detection_s",
    "quiet_watch",
    "share_in_alarm",
]
