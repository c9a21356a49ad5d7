"""Property tests draw the same examples on every machine and are not timed one by one."""

from hypothesis import settings

settings.register_profile("house", derandomize=True, deadline=None, max_examples=60)
settings.load_profile("house")
