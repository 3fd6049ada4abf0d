"""report.html in a real browser, made from a real job on a synthesised clip."""

import io

import numpy as np
import pytest
from PIL import Image

from rotoscope import layout
from tests.browser import chromium
from tests.clips import clip
from tests.walking import a_walk

pytestmark = pytest.mark.skipif(chromium.executable() is None, reason="there is no Chromium on this machine")

SIZE = (192, 108)
FRAMES = 24
HOSTILE = '</script><script>throw "broken out"</script> "مرحبا" \u202e💃'


def walked(name, **output):
    """A finished job with one cut."""
    hue = f"hue=h='if(lt(n,{FRAMES // 2}),0,150)'"
    video = clip("report.mp4", size=SIZE, frames=FRAMES, filters=hue)
    settings = {"style": {"preset": "anime", "prompt": HOSTILE}, "frames": {"keys": [0, 12, 20]}, "output": output}
    return a_walk(video, settings, key=f"clips/{name}.mp4").run()


def laid_out(walk, folder):
    """The finished files in a folder; where the report lies."""
    for name in walk.names:
        (folder / name).write_bytes(walk.result(name))
    return folder / layout.REPORT


@pytest.fixture(scope="module")
def walk():
    return walked("dance")


@pytest.fixture(scope="module")
def report(walk, tmp_path_factory):
    return laid_out(walk, tmp_path_factory.mktemp("report"))


@pytest.fixture(scope="module")
def browser(tmp_path_factory):
    with chromium.Page(tmp_path_factory.mktemp("profile")) as page:
        yield page


@pytest.fixture
def page(browser, report):
    browser.open(report)
    browser.wait_for("document.getElementById('picture').width", lambda width: width == SIZE[0])
    return browser


def still(walk, key):
    with Image.open(io.BytesIO(walk.services.studio.read(key))) as image:
        return np.asarray(image.convert("RGB")).astype(int)


def source_key(walk, index):
    """Where a frame of the source is kept, which is named by its time."""
    sheet = walk.services.documents.sheet(walk.job.id, 0)
    return layout.source_frame(walk.job.id, next(frame.pts for frame in sheet.frames if frame.index == index))


def likeness(picture, still, columns):
    """Mean difference in levels over some columns of the picture as it is shown."""
    shown = np.asarray(picture.resize(SIZE, Image.Resampling.BOX)).astype(int)
    return np.abs(shown - still)[20:80, columns].mean()


def test_it_loads_without_a_complaint_and_asks_nobody_for_anything(page, report):
    assert page.complaints == []
    assert page.requests == [report.as_uri()]


def test_the_canvas_shows_the_source_on_the_left_and_the_result_on_the_right_of_one_line(page, walk):
    source, styled = (still(walk, key) for key in (source_key(walk, 0), layout.styled_frame(walk.job.id, 0)))

    shown = page.picture("#picture")

    left, right = slice(10, 80), slice(112, 180)
    assert likeness(shown, source, left) < 12 < likeness(shown, styled, left)
    assert likeness(shown, styled, right) < 12 < likeness(shown, source, right)


def test_the_line_moves_by_keyboard(page, walk):
    page.value("document.getElementById('split').focus()")
    page.press("ArrowRight")
    moved = float(page.value("document.getElementById('split').value"))
    page.press("Home")

    styled = still(walk, layout.styled_frame(walk.job.id, 0))
    assert 50 < moved <= 55
    assert page.value("document.getElementById('split').getAttribute('aria-valuetext')") == "0 % source"
    assert likeness(page.picture("#picture"), styled, slice(10, 180)) < 12


def test_the_line_goes_where_the_picture_is_touched(page):
    box = page.value(
        "(r => [r.left, r.top, r.width, r.height])(document.getElementById('picture').getBoundingClientRect())"
    )

    page.click(box[0] + 0.8 * box[2], box[1] + 0.4 * box[3])

    assert float(page.value("document.getElementById('split').value")) == pytest.approx(80, abs=1)


def test_a_key_frame_of_the_contact_sheet_is_shown_by_the_player(page, walk):
    assert page.value("document.querySelectorAll('.contact button').length") == 3
    page.value("document.querySelectorAll('.contact button')[1].click()")

    page.wait_for(
        "document.getElementById('where').textContent", lambda text: text == "frame 12, 0:00.40, redrawn by sketch"
    )
    page.wait_for("document.getElementById('film').seeking", lambda seeking: not seeking)
    source = still(walk, source_key(walk, 12))
    assert likeness(page.picture("#picture"), source, slice(10, 80)) < 12


def test_the_film_plays_frame_after_frame_and_the_frames_way_is_told(page):
    page.value("document.getElementById('play').click()")

    page.wait_for("Number(document.getElementById('seek').value)", lambda frame: frame > 2)
    assert page.wait_for("document.getElementById('play').textContent", lambda text: text == "Play") == "Play"
    assert page.value("document.getElementById('where').textContent").startswith(f"frame {FRAMES - 1}, 0:00.77")
    assert page.complaints == []


@pytest.mark.parametrize("width", [1280, 390, 320])
def test_nothing_sticks_out_of_a_narrow_window(browser, report, width):
    browser.open(report, width)
    browser.value("document.querySelectorAll('details').forEach(each => each.open = true)")

    assert browser.value("document.documentElement.scrollWidth") <= width


def test_hostile_text_is_read_and_not_run(page):
    assert page.value("document.querySelector('blockquote').textContent").startswith(HOSTILE)
    assert page.value("document.scripts.length") == 3


def test_a_comparison_beside_the_page_is_played_from_there(browser, walk, tmp_path):
    page = laid_out(walk, tmp_path)
    text = page.read_text("utf-8")
    start = text.index('id="embedded">') + len('id="embedded">')
    beside = text[:start] + text[text.index("</script>", start) :]
    page.write_text(beside.replace('<video id="film"', '<video src="compare.mp4" id="film"'), "utf-8")

    browser.open(page)

    browser.wait_for("document.getElementById('picture').width", lambda width: width == SIZE[0])
    assert browser.complaints == []


def test_without_a_comparison_the_line_divides_a_key_frame(browser, tmp_path):
    plain = walked("still", compare=False)

    browser.open(laid_out(plain, tmp_path))

    browser.wait_for("document.getElementById('picture').width", lambda width: width == SIZE[0])
    before = browser.picture("#picture").tobytes()
    browser.value("document.querySelectorAll('.contact button')[0].click()")
    browser.wait_for("document.getElementById('before').src === document.querySelector('.contact img').src")
    browser.value("new Promise(requestAnimationFrame)")
    assert browser.picture("#picture").tobytes() != before
    assert browser.complaints == []


def test_a_film_that_plays_back_again_tells_the_frames_that_it_shows(browser, tmp_path):
    browser.open(laid_out(walked("there-and-back", loop="boomerang"), tmp_path))
    browser.wait_for("document.getElementById('picture').width", lambda width: width == SIZE[0])

    for shown, frame in ((23, 23), (24, 22), (34, 12), (45, 1)):  # of 46: 24 there, 22 back
        browser.value(f"document.getElementById('film').currentTime = {(shown + 0.5) / 30}")

        browser.wait_for("Number(document.getElementById('seek').value)", lambda now, frame=frame: now == frame)
    assert browser.complaints == []
