"""Read a user's table, as text or as an Excel workbook, within stated limits."""
