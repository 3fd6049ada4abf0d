"""Takes all the memory that it gets, under the limits that the real one sets itself."""

import sys

from rotoscope.adapters.confinement import Limits, confine_itself
from tests.children.asking import ask

ask()
confine_itself(Limits(*(int(number) for number in sys.argv[3:])))
hoard = []
while True:
    hoard.append(bytearray(64 << 20))
