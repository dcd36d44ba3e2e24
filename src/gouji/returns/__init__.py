"""What goes back to units: blank workbooks to fill in, their own workbooks with findings marked."""
