"""A workbook file -> sheets as shown, and many workbooks -> batches of rows."""
