"""Runs a program with an environment that no dictionary can hold: the same
name twice, or an entry without "=". Reads {"argv": [...], "env": [...]} as the
first argument, so that standard input stays the program's own."""

import ctypes
import json
import os
import sys

spec = json.loads(sys.argv[1])


def vector(texts):
    items = [os.fsencode(text) for text in texts]
    return (ctypes.c_char_p * (len(items) + 1))(*items, None)


libc = ctypes.CDLL(None, use_errno=True)
libc.execve(os.fsencode(spec["argv"][0]), vector(spec["argv"]), vector(spec["env"]))
sys.exit("execve: " + os.strerror(ctypes.get_errno()))
