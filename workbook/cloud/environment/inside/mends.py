"""What the shop needs and ministack 1.5.33 does not do by itself, a module for each.

They reach into the emulator's inner parts, which another version may have elsewhere:
so another version is refused, and one mends them anew for it. What is not mended, and
differs from AWS, is in the table of `workbook.cloud.differential`.
"""

from importlib.metadata import version

import alarms
import asynchronous
import functions
import http_api
import metrics
import push

__all__ = ["install"]

_VERSION = "1.5.33"


def install() -> None:
    """Put the mends in, before the emulator starts to serve."""
    found = version("ministack")
    if found != _VERSION:
        raise SystemExit(f"ministack {found} is installed; this needs {_VERSION}")
    for mend in (asynchronous, functions, http_api, push, metrics, alarms):
        mend.install()
