"""The checks of lab 07, a module an exercise."""
