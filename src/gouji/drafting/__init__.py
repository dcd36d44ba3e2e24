"""A bureau's scoring table -> rule files: clauses read by a grammar that is data. Pure: texts and cells in, texts out."""
