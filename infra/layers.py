"""The layers: our own code as it lies in the repository, and third-party wheels in the sets that functions share."""

from pathlib import Path
from typing import Any

import aws_cdk as cdk
import jsii
from aws_cdk import aws_lambda as lambda_
from constructs import Construct

from infra import wheels

RUNTIME = lambda_.Runtime.PYTHON_3_14
BYTECODE = ["**/__pycache__", "**/*.pyc"]


class Layers(Construct):
    """Three sets: `text` for what handles words and numbers, `film` for containers, `vision` for pixels.

    With `third_party` off the wheels' layers hold nothing but their locks.
    """

    def __init__(self, scope: Construct, construct_id: str, *, folder: Path, third_party: bool) -> None:
        super().__init__(scope, construct_id)
        core = self._layer("Core", lambda_.Code.from_asset(str(folder / "core"), exclude=BYTECODE))
        built = {
            name: self._layer(name.capitalize(), _wheels(folder / name, build=third_party)) for name in wheels.LAYERS
        }
        sets = {name: [core, *(built[layer] for layer in layers)] for name, layers in wheels.SETS.items()}
        self.text, self.film, self.vision = sets["text"], sets["film"], sets["vision"]

    def _layer(self, name: str, code: lambda_.Code) -> lambda_.LayerVersion:
        return lambda_.LayerVersion(
            self,
            name,
            code=code,
            compatible_runtimes=[RUNTIME],
            compatible_architectures=[lambda_.Architecture.ARM_64],
        )


def _wheels(folder: Path, *, build: bool) -> lambda_.Code:
    if not build:
        return lambda_.Code.from_asset(str(folder))
    return lambda_.Code.from_asset(
        str(folder),
        asset_hash_type=cdk.AssetHashType.SOURCE,
        bundling=cdk.BundlingOptions(
            image=cdk.DockerImage.from_registry("not-used"),
            # The hash of the source covers the lock alone: whatever else decides the bytes has to stand here.
            command=[*wheels.install_arguments(), "--without", *wheels.UNUSED],
            local=LocalWheels(folder / "requirements.txt"),
        ),
    )


@jsii.implements(cdk.ILocalBundling)
class LocalWheels:
    """Lets uv do on this machine what CDK would start a container for."""

    def __init__(self, lock: Path) -> None:
        self.lock = lock

    def try_bundle(self, output_dir: str, *_: Any, **_options: Any) -> bool:
        """True: the wheels lie in `output_dir`. A failed build raises, for there is no other way to build them."""
        wheels.build(self.lock, Path(output_dir))
        return True
