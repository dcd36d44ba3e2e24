"""Plans that give plain sums for units as usual, and the general case only for the others."""
