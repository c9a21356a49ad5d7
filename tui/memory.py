"""Memory that nobody uses any more goes back to the system.

The C library of Linux keeps what was freed in between blocks that still live, in every thread that
ever had any: an app that opens large sessions all day grew to a gigabyte of which a third lived.
"""

import ctypes
import sys


def give_back_memory() -> bool:
    """Hand freed memory back, where the C library can be asked to.

    Returns:
        Whether there was any to hand back. Other threads go on meanwhile.
    """
    if not sys.platform.startswith("linux"):
        return False
    # No other C library for Linux than glibc knows the call (malloc_trim(3)).
    trim = getattr(ctypes.CDLL(None), "malloc_trim", None)
    return trim is not None and bool(trim(ctypes.c_size_t(0)))
