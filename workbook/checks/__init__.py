"""The labs' checks: one module a lab, behavioural, run under faults."""
