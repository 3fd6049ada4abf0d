"""Functions, their layers, versions, permissions and invocation rules: in moto for reading, in the host for running."""

import io
import zipfile
from typing import Any

from local.cloud.async_calls import AsyncRules, DeadLetters
from local.cloud.formation.kind import Made, Order
from local.cloud.formation.properties import Properties, PropertyError
from local.cloud.functions import Permission, split_name
from local.runtime import FunctionSpec

_ONE_USER = "environments are plain processes of the user, with the whole disk and one user's load"


class Function:
    """AWS::Lambda::Function."""

    replaced_by = frozenset({"FunctionName"})

    def put(self, order: Order) -> Made:
        """Create the function, or set its code and configuration."""
        props, client = order.props, order.client("lambda")
        name = props.text("FunctionName") or order.name()
        location = props.section("Code")
        code = _content(order, location)
        spec = self._spec(order, name, code)
        settings = _mirrored(spec, props.text("Description"))
        if order.made:
            client.update_function_code(FunctionName=name, ZipFile=code, Architectures=[spec.architecture])
            client.update_function_configuration(FunctionName=name, **settings)
        else:
            client.create_function(
                FunctionName=name, Code={"ZipFile": code}, Architectures=[spec.architecture], **settings
            )
        arn = order.arn("lambda", f"function:{name}")
        order.site.functions.put(spec, _dead_letters(props, spec))
        props.harmless("EphemeralStorage", "ReservedConcurrentExecutions", "Tags", because=_ONE_USER)
        props.harmless("TracingConfig", because="nothing traces")
        return Made(name, {"Arn": arn})

    def remove(self, order: Order) -> None:
        """Delete the function and all its versions."""
        assert order.made
        order.client("lambda").delete_function(FunctionName=order.made.physical_id)
        order.site.functions.remove(order.made.physical_id)

    def _spec(self, order: Order, name: str, code: bytes) -> FunctionSpec:
        props = order.props
        return FunctionSpec(
            name=name,
            handler=props.text("Handler"),
            code_zip=code,
            layer_zips=tuple(order.site.functions.layer(arn) for arn in props.value("Layers", [])),
            environment={key: str(value) for key, value in props.section("Environment").value("Variables", {}).items()},
            memory_mb=props.number("MemorySize", 128),
            timeout_s=props.number("Timeout", 3),
            role_arn=props.required("Role"),
            region=order.site.region,
            account=order.site.account,
            log_group=props.section("LoggingConfig").text("LogGroup"),
            architecture=props.value("Architectures", ["x86_64"])[0],
            runtime=props.text("Runtime"),
        )


def _dead_letters(props: Properties, spec: FunctionSpec) -> DeadLetters | None:
    arn = props.section("DeadLetterConfig").text("TargetArn")
    if arn and arn.split(":")[2] != "sqs":
        raise PropertyError("only queues are emulated as DeadLetterConfig.TargetArn")
    return DeadLetters(arn, spec.role_arn) if arn else None


def _mirrored(spec: FunctionSpec, description: str) -> dict[str, Any]:
    return {
        "Runtime": spec.runtime,
        "Role": spec.role_arn,
        "Handler": spec.handler,
        "Description": description,
        "Timeout": spec.timeout_s,
        "MemorySize": spec.memory_mb,
        "Environment": {"Variables": dict(spec.environment)},
    }


def _content(order: Order, location: Properties) -> bytes:
    if "ZipFile" in location:
        buffer = io.BytesIO()
        with zipfile.ZipFile(buffer, "w") as archive:
            archive.writestr("index.py", location.text("ZipFile"))
        return buffer.getvalue()
    found = order.client("s3").get_object(Bucket=location.text("S3Bucket"), Key=location.text("S3Key"))
    return bytes(found["Body"].read())


class LayerVersion:
    """AWS::Lambda::LayerVersion."""

    replaced_by = frozenset({"Content", "LayerName", "CompatibleRuntimes", "CompatibleArchitectures", "Description"})

    def put(self, order: Order) -> Made:
        """Publish the layer's next version."""
        props = order.props
        name = props.text("LayerName") or order.name()
        content = _content(order, props.section("Content"))
        published = order.client("lambda").publish_layer_version(
            LayerName=name, Content={"ZipFile": content}, Description=props.text("Description")
        )
        arn = published["LayerVersionArn"]
        order.site.functions.keep_layer(arn, content)
        props.harmless("CompatibleRuntimes", "CompatibleArchitectures", "LicenseInfo", because="they only inform")
        return Made(arn, {"LayerVersionArn": arn})

    def remove(self, order: Order) -> None:
        """Delete this version of the layer."""
        assert order.made
        *_, name, version = order.made.physical_id.split(":")
        order.client("lambda").delete_layer_version(LayerName=name, VersionNumber=int(version))
        order.site.functions.forget_layer(order.made.physical_id)


class Version:
    """AWS::Lambda::Version."""

    replaced_by = frozenset({"FunctionName", "CodeSha256", "Description"})

    def put(self, order: Order) -> Made:
        """Publish the function as it is now."""
        name, _ = split_name(order.props.text("FunctionName"))
        number = order.site.functions.host.publish_version(name)
        order.props.harmless("CodeSha256", "Description", because="the deployer publishes what it has just put")
        arn = order.arn("lambda", f"function:{name}:{number}")
        return Made(arn, {"FunctionArn": arn, "Version": number})

    def remove(self, order: Order) -> None:
        """Delete the version, also from under a running job: a template that minds says `DeletionPolicy: Retain`."""
        assert order.made
        name, number = split_name(order.made.physical_id)
        order.site.functions.host.remove_function(name, number)


class FunctionPermission:
    """AWS::Lambda::Permission."""

    replaced_by = frozenset({"Action", "FunctionName", "Principal", "SourceArn", "SourceAccount"})

    def put(self, order: Order) -> Made:
        """Let a service invoke the function."""
        props = order.props
        name, qualifier = split_name(props.text("FunctionName"))
        statement = order.name(100)
        permission = Permission(statement, qualifier, props.text("Principal"), props.value("SourceArn"))
        order.site.functions.permit(name, permission)
        props.harmless("Action", "SourceAccount", "FunctionUrlAuthType", because="the only caller is this account")
        return Made(statement, {"name": name})

    def remove(self, order: Order) -> None:
        """Take the statement away."""
        assert order.made
        order.site.functions.forbid(str(order.made.attributes["name"]), order.made.physical_id)


class InvokeConfig:
    """AWS::Lambda::EventInvokeConfig."""

    replaced_by = frozenset({"FunctionName", "Qualifier"})

    def put(self, order: Order) -> Made:
        """Set what happens to asynchronous invocations that fail."""
        props = order.props
        name, qualifier = split_name(props.text("FunctionName"), props.text("Qualifier", "$LATEST"))
        rules = AsyncRules(props.number("MaximumRetryAttempts", 2))
        order.site.functions.set_rules(name, qualifier or "$LATEST", rules)
        props.harmless("MaximumEventAgeInSeconds", because="nothing waits that long in one process")
        return Made(f"{name}|{qualifier}", {"name": name, "qualifier": qualifier})

    def remove(self, order: Order) -> None:
        """Go back to Lambda's own defaults."""
        assert order.made
        attributes = order.made.attributes
        order.site.functions.set_rules(str(attributes["name"]), str(attributes["qualifier"]), None)


class FunctionUrl:
    """AWS::Lambda::Url, served under the local cloud's own address."""

    replaced_by = frozenset({"TargetFunctionArn", "Qualifier"})

    def put(self, order: Order) -> Made:
        """Give the function an address."""
        props = order.props
        name, qualifier = split_name(props.text("TargetFunctionArn"), props.value("Qualifier"))
        props.harmless("AuthType", "Cors", "InvokeMode", because="only this machine can reach the address")
        path = name if qualifier is None else f"{name}:{qualifier}"
        arn = order.arn("lambda", f"function:{path}")
        return Made(arn, {"FunctionArn": arn, "FunctionUrl": f"{order.site.endpoint_url}/_rotoscope/functions/{path}/"})

    def remove(self, order: Order) -> None:
        """Leave the address: it answers only while its function exists."""
