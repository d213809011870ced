"""Excel on Windows and Mac: the add-in ``danggol.xlam``, built on any system, and what it calls."""
