"""Builds the third-party layers: wheels for the Lambda platform from hashed locks, by uv, without Docker.

`python -m infra.wheels build/layers` builds all of them there and says how large each set is.
"""

import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

LAYERS = ("deps", "film", "vision", "ffmpeg")
SETS = {"text": ("deps",), "film": ("deps", "film", "ffmpeg"), "vision": ("deps", "vision", "ffmpeg")}
"""Which layers go together: for words and numbers, for containers, for pixels. All in one would not fit."""
LIMIT_BYTES = 262_144_000
"""Lambda's, for a function and all its layers, unzipped."""
PYTHON_VERSION = "3.14"
PLATFORM = "aarch64-manylinux_2_34"
UNUSED = (".lock", "bin", "**/tests", "**/*.pyi")
"""What a wheel brings that no function runs: some 10 MB in numpy alone."""

LOCKS = Path(__file__).resolve().parents[1] / "layers"


def install_arguments() -> list[str]:
    """What decides the bytes of a layer, besides its lock."""
    return [
        *("--python-platform", PLATFORM, "--python-version", PYTHON_VERSION),
        *("--only-binary", ":all:", "--no-deps", "--require-hashes", "--link-mode", "copy"),
    ]


def build(lock: Path, target: Path) -> None:
    """Installs what `lock` names into `target`/python, the folder that Lambda puts on the path."""
    uv = Path(sys.executable).parent / "uv"
    python = target / "python"
    install = [str(uv), "pip", "install", "--quiet", "--no-progress", "--target", str(python), *install_arguments()]
    subprocess.run([*install, "--requirement", str(lock)], check=True)
    for path in list(_unused(python)):
        shutil.rmtree(path) if path.is_dir() else path.unlink(missing_ok=True)


def build_all(folder: Path) -> None:
    """Every layer under `folder`, afresh."""
    for name in LAYERS:
        shutil.rmtree(folder / name, ignore_errors=True)
        build(LOCKS / name / "requirements.txt", folder / name)


def unzipped_bytes(layer: Path) -> int:
    """What Lambda counts against LIMIT_BYTES."""
    return sum(path.stat().st_size for path in layer.rglob("*") if path.is_file())


def _unused(python: Path) -> Iterator[Path]:
    for pattern in UNUSED:
        yield from python.glob(pattern)


def _sizes(folder: Path) -> str:
    sums = {name: sum(unzipped_bytes(folder / layer) for layer in layers) for name, layers in SETS.items()}
    return "".join(f"{name:8}{total:>13,} of {LIMIT_BYTES:,} bytes\n" for name, total in sums.items())


if __name__ == "__main__":
    build_all(Path(sys.argv[1]))
    sys.stdout.write(_sizes(Path(sys.argv[1])))
