"""PDFs with a text layer: characters and rules of a page -> lines of text and tables. pdfium runs in its own process."""
