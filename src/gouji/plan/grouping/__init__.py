"""Figures that rules name -> columns of one row per unit."""
