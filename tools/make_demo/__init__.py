"""Makes the files of the demo centre: `python -m tools.make_demo` writes data/demo/*.csv, the same bytes every time."""
