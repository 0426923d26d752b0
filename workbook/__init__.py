"""The package that the workbook's notebooks import."""
