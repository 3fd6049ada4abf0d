"""Reports of finished jobs, and what a reader finds in them."""

import json
import re
from html.parser import HTMLParser

from rotoscope import layout
from rotoscope.assembly import assemble_video
from tests.builders import a_job, a_plan
from tests.unit.assembling import rendered, result


class Elements(HTMLParser):
    """Every element with its attributes, and the text that a reader sees."""

    def __init__(self, page):
        super().__init__()
        self.found, self.text, self._unseen = [], "", None
        self.feed(page)

    def handle_starttag(self, name, attributes):
        self.found.append((name, dict(attributes)))
        self._unseen = name if name in ("script", "style") else None

    def handle_data(self, text):
        self.text += "" if self._unseen else text

    def of(self, name):
        return [attributes for found, attributes in self.found if found == name]

    def classed(self, name):
        return [attributes for _, attributes in self.found if name in (attributes.get("class") or "").split()]


def written(plan, *segments, **changes):
    services, task = rendered(plan, *segments, **changes)
    assemble_video(task, services)
    return result(services, plan, layout.REPORT).decode()


def report(*segments, key="clips/dance.mp4", filled=(), keys=None, **wishes):
    return written(a_plan(a_job(key), **wishes), *(segments or (range(10),)), filled=filled, keys=keys)


def script(page, number):
    return re.findall(r"<script[^>]*>(.*?)</script>", page, re.DOTALL)[number]


def facts(page):
    return json.loads(script(page, 0))
