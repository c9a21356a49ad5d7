"""Pages of reference that the code writes; `python -m docs.from_code` writes them anew."""
