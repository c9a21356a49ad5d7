"""A joined seat in a terminal: shows what a host draws, and passes on what is typed."""
