"""Answers with what it can see of its surroundings, as a refusal's sentence."""

import json
import os
import resource
import sys
from pathlib import Path

from rotoscope.adapters.confinement import Limits, confine_itself
from tests.children.asking import answer

confine_itself(Limits(*(int(number) for number in sys.argv[3:])))
kinds = (resource.RLIMIT_DATA, resource.RLIMIT_CPU, resource.RLIMIT_FSIZE, resource.RLIMIT_CORE)
seen = {
    "environment": dict(os.environ),
    "folder": str(Path.cwd()),
    "limits": [resource.getrlimit(kind)[0] for kind in kinds],
}
answer(json.dumps({"error": "UnreadableVideo", "says": json.dumps(seen)}).encode())
