"""The key frames as a folder of pictures named by frame number: for desktop tools, and to hand back edited."""

import hashlib
import io
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from itertools import chain

from PIL import Image

from rotoscope import layout
from rotoscope.contracts import JobPlan
from rotoscope.deliverables import drawing_size
from rotoscope.overview import Overview
from rotoscope.receipts import Output
from rotoscope.services import Services

AT_ONCE = 4
"""Pictures encoded at the same time: each is held as RGB, and twice encoded."""
COMPRESSION = 2
"""Of PNG: a tenth larger than at zlib's default, in a third of the time."""

README = """\
Key frames of {video}, restyled by job {job}.

00000012.png         frame 12 of the video, counted from 0, restyled
source/00000012.png  the same frame as the video shows it

For a desktop tool that carries key frames along a video: the pictures here are its keys, and its frames are those of
the video, numbered in the same way.

To hand them back, change the pictures, keep their names, leave out what you did not touch if you like, and give the
folder that they lie in:
  rotoscope redrive {job} --keys FOLDER
The video is made anew from them, without a call for any of these frames. In a folder called keys beside another
upload of the video they are used instead of calls, too.
"""

File = tuple[str, int, str]
"""Name, bytes, SHA-256."""


def export_keys(plan: JobPlan, film: Overview, services: Services) -> Output:
    """Writes every key frame's picture and its source, as lossless PNG in the size in which the video is drawn.

    The folder is one output: `frames` are the keys, `bytes` the sum of its files, and `sha256` is that of their lines
    "<sha256> <name>", sorted by name and each ended by a newline.
    """
    width, height = drawing_size(plan)
    with ThreadPoolExecutor(AT_ONCE) as pool:
        files = list(chain.from_iterable(pool.map(lambda key: list(_pictures(plan, key, film, services)), film.keys)))
    readme = README.format(video=plan.job.key, job=plan.job.id).encode()
    files.append(_written(plan, layout.KEYS_README, readme, "text/plain; charset=utf-8", services))
    lines = "".join(f"{digest} {name}\n" for name, _, digest in sorted(files))
    return Output(
        name=layout.KEYS,
        bytes=sum(size for _, size, _ in files),
        sha256=hashlib.sha256(lines.encode()).hexdigest(),
        width=width,
        height=height,
        frames=len(film.keys),
        duration_s=0,
    )


def _pictures(plan: JobPlan, key: int, film: Overview, services: Services) -> Iterator[File]:
    for name, kept in (
        (layout.key_file(key), film.keys[key]),
        (layout.key_source_file(key), layout.source_frame(plan.job.id, film.time_of(key))),
    ):
        body = _png(services.studio.read(kept), drawing_size(plan))
        yield _written(plan, name, body, "image/png", services)


def _png(body: bytes, size: tuple[int, int]) -> bytes:
    with Image.open(io.BytesIO(body)) as image:
        picture = image.convert("RGB")
    if picture.size != size:
        picture = picture.resize(size, Image.Resampling.LANCZOS)
    buffer = io.BytesIO()
    picture.save(buffer, "PNG", compress_level=COMPRESSION)
    return buffer.getvalue()


def _written(plan: JobPlan, name: str, body: bytes, content_type: str, services: Services) -> File:
    services.studio.write(layout.result(plan.job.name, plan.job.id, name), body, content_type)
    return name.removeprefix(layout.KEYS), len(body), hashlib.sha256(body).hexdigest()
