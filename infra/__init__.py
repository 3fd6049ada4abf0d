"""The stack, one construct per capability; `pipeline_stack.py` is the wiring."""

import os
import sys
from pathlib import Path

# CDK's engine takes the first `node` on the PATH, which may be out of support; the virtual environment brings its own.
if (node := Path(sys.executable).parent / "node").exists():
    os.environ.setdefault("JSII_NODE", str(node))
