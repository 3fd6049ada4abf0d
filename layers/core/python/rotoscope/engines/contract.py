"""What every engine promises: (frame, style) in, a redrawn frame of the same size out, or an error by name."""

import base64
import json
from dataclasses import dataclass, field
from typing import Any, Protocol

from rotoscope import pictures
from rotoscope.engines.canvas import Canvas
from rotoscope.errors import AnswerLost, FrameFiltered, UnreadableVideo
from rotoscope.ports import RGB, ModelRuntime
from rotoscope.settings import Preset, SdxlSettings


@dataclass(frozen=True)
class Style:
    """How one frame is redrawn, with nothing left to default. `anchor` is the shot's first chosen frame."""

    prompt: str
    negative_prompt: str
    preset: Preset | None
    denoise: float
    seed: int
    frame_index: int
    image: RGB | None = None
    sdxl: SdxlSettings = field(default_factory=SdxlSettings)
    anchor: RGB | None = None


@dataclass(frozen=True)
class Redrawn:
    """The frame in its own size. `simulated` when a stand-in drew it instead of the model."""

    picture: RGB
    simulated: bool = False


class Engine(Protocol):
    """Redraws one frame. Raises a CallOutcome, or a JobError where every other frame would fare no better."""

    def redraw(self, frame: RGB, style: Style) -> Redrawn: ...


class RequestContract(Protocol):
    """One model family's way of asking and answering."""

    def canvas(self, width: int, height: int) -> Canvas:
        """The legal size to send for a frame of this size."""

    def body(self, picture: str, style: Style, canvas: Canvas) -> dict[str, Any]:
        """The request for a picture given in base64."""

    def answer(self, reply: dict[str, Any]) -> str:
        """The answer's picture in base64; raises FrameFiltered or AnswerLost when HTTP 200 was no success."""


@dataclass(frozen=True)
class ModelEngine:
    """An engine behind a request contract: `target` is a model id or an endpoint name."""

    contract: RequestContract
    runtime: ModelRuntime
    target: str

    def redraw(self, frame: RGB, style: Style) -> Redrawn:
        canvas = self.contract.canvas(frame.shape[1], frame.shape[0])
        body = self.contract.body(to_base64(canvas.place(frame)), style, canvas)
        reply = self.runtime.invoke(self.target, json.dumps(body).encode())
        picture = from_base64(self.contract.answer(_document(reply.body)))
        return Redrawn(canvas.restore(picture), reply.simulated)


def to_base64(picture: RGB) -> str:
    """JPEG in base64, without a data: prefix."""
    return base64.b64encode(pictures.to_jpeg(picture)).decode()


def from_base64(text: str) -> RGB:
    """The decoded picture; raises AnswerLost when the answer holds none: it may have been charged all the same."""
    try:
        return pictures.from_bytes(base64.b64decode(text, validate=True))
    except (ValueError, UnreadableVideo) as error:
        raise AnswerLost("The model answered with something that is not a picture.") from error


def first(reply: dict[str, Any], name: str) -> Any:
    """The first member of a list field that may be missing, empty or no list."""
    members = reply.get(name)
    return members[0] if isinstance(members, list) and members else None


def filtered(reason: str) -> FrameFiltered:
    """The content filter's refusal with its reason."""
    return FrameFiltered(f"The model's content filter refused the frame ({reason}).")


def _document(body: bytes) -> dict[str, Any]:
    try:
        reply = json.loads(body)
    except ValueError as error:
        raise AnswerLost("The model's answer is not JSON.") from error
    if not isinstance(reply, dict):
        raise AnswerLost("The model's answer is not a JSON object.")
    return reply
