"""The checks of lab 04: what a retry, a batch and a dead-letter queue must do."""
