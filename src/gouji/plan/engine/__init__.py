"""What engines differ in: targets with their sizes, node types of our own, a printer for each engine."""
