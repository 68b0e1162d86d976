"""What is delivered: one module for each format, and the count of every record written."""
