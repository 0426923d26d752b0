"""What lab 11 is made of: its worlds, and a check for each exercise."""
