"""Calendar feeds: publications as iCalendar bytes; the only importer of icalendar."""
