"""The exercises of lab 10."""
