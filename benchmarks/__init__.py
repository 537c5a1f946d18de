"""Speed, memory and proven gaps, measured on this machine: ``make bench`` prints the table."""
