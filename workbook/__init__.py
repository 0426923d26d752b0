"""The package that the workbook's notebooks import."""

__version__ = "0.1.0"
