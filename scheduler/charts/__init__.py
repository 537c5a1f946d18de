"""Pictures of loads as SVG text; each has a table twin on the page that shows it."""
