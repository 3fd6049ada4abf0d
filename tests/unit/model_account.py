"""An account whose model services are the stand-ins: real boto3 clients, requests that never leave the process."""

import base64
import io
import json
from collections import Counter
from functools import cache
from typing import Any
from urllib.parse import urlsplit

import boto3
import numpy as np
import pytest
from botocore.awsrequest import AWSPreparedRequest, AWSResponse
from botocore.config import Config
from botocore.exceptions import ClientError
from PIL import Image

from local.models import ModelServices
from local.models.pictures import Pixels
from tests.unit import bad_bodies as bodies

SD35 = "stability.sd3-5-large-v1:0"
STRUCTURE = "us.stability.stable-image-control-structure-v1:0"
SKETCH = "us.stability.stable-image-control-sketch-v1:0"
TRANSFER = "us.stability.stable-style-transfer-v1:0"
ACCOUNT = "123456789012"
SIGNED_AS = {"bedrock-runtime": "bedrock", "sagemaker-runtime": "sagemaker", "service-quotas": "servicequotas"}


class TallyMeter:
    """Remembers what was counted."""

    def __init__(self) -> None:
        self.totals: Counter[str] = Counter()

    def count(self, item: str, amount: float) -> None:
        self.totals[item] += amount  # type: ignore[assignment]


class NegativeDrawer:
    """Draws the negative, tinted by the seed, and keeps a list of what it was asked."""

    def __init__(self) -> None:
        self.anchors: list[Pixels] = []
        self.asked: list[tuple[str, float]] = []

    def memory(self, anchor: Pixels, seed: int) -> tuple[int, int]:
        self.anchors.append(anchor)
        return len(self.anchors), seed

    def draw(self, image: Pixels, preset: str, memory: Any, *, strength: float) -> Pixels:
        self.asked.append((preset, strength))
        tint = memory[1] % 7
        return (image * (1 - strength) + (255 - image) * strength * (1 - tint / 100)).astype(np.uint8)

    def draw_like(self, image: Pixels, style_image: Pixels, memory: Any, *, strength: float) -> Pixels:
        self.asked.append(("like", strength))
        return (image * (1 - strength) + style_image.mean((0, 1)) * strength).astype(np.uint8)

    def suggest_preset(self, prompt: str) -> str:
        return "anime" if "anime" in prompt else "digital-art"


class Account:
    """Real clients on stand-ins: requests are signed and serialised, then answered in the process instead of sent."""

    def __init__(self, **options: Any) -> None:
        self.meter = TallyMeter()
        self.drawer = NegativeDrawer()
        self.services = ModelServices(self.meter, drawer=self.drawer, **options)

    def client(self, service: str, region: str = "us-west-2") -> Any:
        client = _client(service, region)

        def answered(request: AWSPreparedRequest, **_: Any) -> AWSResponse:
            url = urlsplit(request.url)
            path = f"{url.path}?{url.query}" if url.query else url.path
            headers = {name: _text(value) for name, value in request.headers.items()}
            name = SIGNED_AS.get(service, service)
            answer = self.services.answer(name, request.method, path, headers, _bytes(request.body))
            return AWSResponse(request.url, answer.status, answer.headers, _Raw(answer.body))

        client.meta.events.unregister("before-send", unique_id="wire")
        client.meta.events.register("before-send", answered, unique_id="wire")
        return client

    def invoke(self, model: str, body: bodies.Body | bytes, region: str = "us-west-2") -> dict[str, Any]:
        content = body if isinstance(body, bytes) else json.dumps(body)
        answer = self.client("bedrock-runtime", region).invoke_model(modelId=model, body=content)
        return json.loads(answer["body"].read())

    def invoke_endpoint(
        self, name: str, body: bodies.Body | bytes, content_type: str = "application/json"
    ) -> dict[str, Any]:
        content = body if isinstance(body, bytes) else json.dumps(body)
        client = self.client("sagemaker-runtime")
        answer = client.invoke_endpoint(EndpointName=name, Body=content, ContentType=content_type)
        return json.loads(answer["Body"].read())


@cache
def _client(service: str, region: str) -> Any:
    once = Config(retries={"mode": "standard", "total_max_attempts": 1})
    keys = {"aws_access_key_id": "AKIDEXAMPLE", "aws_secret_access_key": "secret"}
    return boto3.client(service, region_name=region, config=once, **keys)


class _Raw(io.BytesIO):
    def stream(self, **_: Any):
        yield self.read()


def _text(value: str | bytes) -> str:
    return value.decode() if isinstance(value, bytes) else value


def _bytes(body: Any) -> bytes:
    if body is None or isinstance(body, bytes):
        return body or b""
    return body.encode() if isinstance(body, str) else body.read()


def opened(encoded: str) -> Image.Image:
    return Image.open(io.BytesIO(base64.b64decode(encoded)))


def pixels(encoded: str) -> np.ndarray:
    return np.asarray(opened(encoded).convert("RGB"), np.float32)


def refused(call: Any, *arguments: Any, **named: Any) -> tuple[int, str, str]:
    with pytest.raises(ClientError) as caught:
        call(*arguments, **named)
    error = caught.value.response
    assert error["ResponseMetadata"]["HTTPHeaders"]["x-rotoscope-simulated"] == "true"
    return error["ResponseMetadata"]["HTTPStatusCode"], error["Error"]["Code"], error["Error"]["Message"]
