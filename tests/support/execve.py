"""Runs a program as servers do and no shell can: with an environment that has
a name twice or an entry without "=", with signals ignored or blocked, with
descriptors that do not block or that nobody meant it to have. Reads {"argv":
[...], "env": [...], "ignore": ["INT"], "block": [...], "nonblock": [0], "open":
[7]} as the first argument, so that standard input stays the program's own."""

import ctypes
import json
import os
import signal
import sys

spec = json.loads(sys.argv[1])


def numbers(key):
    return [signal.Signals["SIG" + name] for name in spec.get(key, [])]


for number in numbers("ignore"):
    signal.signal(number, signal.SIG_IGN)
signal.pthread_sigmask(signal.SIG_SETMASK, numbers("block"))
for fd in spec.get("nonblock", []):
    os.set_blocking(fd, False)
for fd in spec.get("open", []):
    os.dup2(os.open("/dev/null", os.O_RDONLY), fd, inheritable=True)


def vector(texts):
    items = [os.fsencode(text) for text in texts]
    return (ctypes.c_char_p * (len(items) + 1))(*items, None)


libc = ctypes.CDLL(None, use_errno=True)
libc.execve(os.fsencode(spec["argv"][0]), vector(spec["argv"]), vector(spec["env"]))
sys.exit("execve: " + os.strerror(ctypes.get_errno()))
