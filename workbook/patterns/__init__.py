"""What the chapters teach, as small code to read and to take along.

Nothing here knows where it runs or depends on the rest of the workbook: plain calls or
boto3 clients, and the caller's clock, come in.
"""
