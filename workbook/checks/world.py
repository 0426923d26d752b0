"""A cloud of its own for a check; the learner's comes back as it was."""

from workbook.cloud.fresh import fresh_cloud

__all__ = ["fresh_cloud"]
