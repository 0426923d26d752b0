"""What lab 09 is made of: its shop, its scenes, and a check for each exercise."""
