"""Long runs that people start by hand; the suite runs short versions of the same functions."""
