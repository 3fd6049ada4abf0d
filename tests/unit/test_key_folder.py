"""The folder of key frames that a job hands out."""

import hashlib
import io
import re
from array import array

import numpy as np
from PIL import Image

from rotoscope import layout, own_keys, pictures
from rotoscope.key_folder import export_keys
from rotoscope.overview import Overview
from tests.builders import TICKS, a_picture, a_plan
from tests.worlds import extracted


def a_film(shown):
    """All that a folder of keys takes from a film: where the pictures lie, and when they are shown."""
    frames = range(max(shown) + 1)
    return Overview(array("q", frames), array("q", [index * TICKS for index in frames]), keys=shown)


def handed_out(keys=(0, 12), size=(64, 36)):
    """What was written, by its name in the folder, and the output that stands for it."""
    plan = a_plan()
    services = extracted(plan, keys)
    for key in keys:
        services.studio.write(layout.styled_frame(plan.job.id, key), pictures.to_jpeg(a_picture(*size, key + 50)))
    output = export_keys(plan, a_film({key: layout.styled_frame(plan.job.id, key) for key in keys}), services)
    prefix = layout.result(plan.job.name, plan.job.id, layout.KEYS)
    return {name.removeprefix(prefix): services.studio.read(name) for name in services.studio.list(prefix)}, output


def picture(body):
    with Image.open(io.BytesIO(body)) as image:
        assert image.format == "PNG"
        return np.asarray(image)


def test_every_key_is_handed_out_restyled_and_as_the_source_shows_it():
    files, _ = handed_out()

    assert sorted(files) == ["00000000.png", "00000012.png", "README.txt", "source/00000000.png", "source/00000012.png"]
    assert np.abs(picture(files["00000012.png"]).astype(int) - a_picture(seed=62)).max() < 12
    assert np.abs(picture(files["source/00000012.png"]).astype(int) - a_picture(seed=12)).max() < 12


def test_nothing_is_lost_on_the_way_from_the_kept_picture():
    files, _ = handed_out(keys=(3,))

    assert np.array_equal(picture(files["00000003.png"]), pictures.from_bytes(pictures.to_jpeg(a_picture(seed=53))))


def test_pictures_have_the_size_that_the_video_shows():
    files, _ = handed_out(size=(32, 18))

    assert picture(files["00000012.png"]).shape == (36, 64, 3)


def test_a_picture_of_the_users_own_is_handed_back_as_it_was_given():
    plan = a_plan()
    services = extracted(plan, [6])
    mine = layout.own_key(plan.job.id, 6, "mine")
    services.studio.write(mine, pictures.to_jpeg(a_picture(seed=3)))

    export_keys(plan, a_film({6: mine}), services)

    body = services.studio.read(layout.result(plan.job.name, plan.job.id, layout.key_file(6)))
    assert np.array_equal(picture(body), pictures.from_bytes(services.studio.read(mine)))


def test_the_names_are_those_that_are_taken_back():
    files, _ = handed_out()

    assert own_keys.NAME.fullmatch(next(name for name in files if name.startswith("00000012")))


def test_the_folder_counts_as_one_output_that_can_be_checked():
    files, output = handed_out()

    lines = sorted((name, hashlib.sha256(body).hexdigest()) for name, body in files.items())
    together = "".join(f"{digest} {name}\n" for name, digest in lines)
    assert (output.name, output.frames, output.width, output.height) == ("keys/", 2, 64, 36)
    assert output.bytes == sum(map(len, files.values()))
    assert output.sha256 == hashlib.sha256(together.encode()).hexdigest()


def test_the_note_beside_them_says_how_they_are_handed_back():
    files, _ = handed_out()

    note = files["README.txt"].decode()
    assert re.search(r"rotoscope redrive \S+ --keys FOLDER", note)
    assert max(map(len, note.splitlines())) <= 120
