"""A cloud on your own machine. Importing this package puts real AWS out of reach."""

from . import clock
from .guard import RealCloudRefused
from .local import LocalCloud, local_cloud

__all__ = ["LocalCloud", "RealCloudRefused", "clock", "local_cloud"]
