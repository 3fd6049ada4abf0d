"""Dies of what a decoder with a broken pointer dies of."""

import os
import signal

from tests.children.asking import ask

ask()
os.kill(os.getpid(), signal.SIGSEGV)
