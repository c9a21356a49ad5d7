"""Every reader, given whatever a person, a file, a model or a stranger may send it.

A target takes bytes to a reader and lets pass nothing but what the reader says it raises. They are
run three ways: over seeds, nasty inputs and found cases in ordinary tests; by `python -m
tests.fuzzing TARGET`, guided by coverage; and all in turn, in slices, by `python -m
tests.fuzzing.campaign`.
"""
