"""What moto leaves out, outside Step Functions: one function per change, each with its reason."""

from collections.abc import Callable
from typing import Any

from moto.awslambda.models import LambdaFunction
from moto.events.models import Rule
from moto.moto_server.utilities import RegexConverter
from moto.s3 import notifications
from moto.s3.notifications import S3NotificationEvent
from moto.sns.models import Topic

from local.cloud import replacing
from local.cloud.events import EventBus, event
from local.cloud.mailbox import Mailbox
from local.cloud.replacing import replace
from local.meter import Meter

_REASONS = {
    S3NotificationEvent.OBJECT_CREATED_PUT_EVENT: "PutObject",
    S3NotificationEvent.OBJECT_CREATED_POST_EVENT: "POST Object",
    S3NotificationEvent.OBJECT_CREATED_COPY_EVENT: "CopyObject",
    S3NotificationEvent.OBJECT_CREATED_COMPLETE_MULTIPART_UPLOAD_EVENT: "CompleteMultipartUpload",
}


def send_object_events(bus: EventBus) -> None:
    """moto's own S3 events lack fields, carry times that are none, come twice for a multipart upload and start nothing.

    They are held until the request is answered: only then does the object have its metadata.
    """

    def send_event(account_id: str, event_name: S3NotificationEvent, bucket: Any, key: Any) -> None:
        configuration = bucket.notification_configuration
        part_of_multipart = event_name is S3NotificationEvent.OBJECT_CREATED_PUT_EVENT and key.multipart
        if event_name not in _REASONS or part_of_multipart or configuration is None:
            return
        if configuration.event_bridge is not None:
            bus.hold(_object_created(account_id, _REASONS[event_name], bucket, key))

    replace(notifications, "send_event", send_event)


def _object_created(account: str, reason: str, bucket: Any, key: Any) -> dict[str, Any]:
    described = {"key": key.name, "size": key.size, "etag": key.etag.strip('"')}
    if bucket.is_versioned:
        described["version-id"] = str(key.version_id)
    described["sequencer"] = f"{int(key.last_modified.timestamp() * 1_000_000):016X}"
    detail = {
        "version": "0",
        "event-version": "1.2",
        "bucket": {"name": bucket.name},
        "object": described,
        "request-id": described["sequencer"],
        "requester": account,
        "source-ip-address": "127.0.0.1",
        "reason": reason,
    }
    return event("Object Created", "aws.s3", detail, account=account, region=bucket.region_name, resources=[bucket.arn])


def deliver_put_events(bus: EventBus) -> None:
    """moto's PutEvents hands events to a few target types only, with a number for a time."""

    def send_to_targets(rule: Rule, original_event: dict[str, Any], transform_input: bool = True) -> None:
        shell = event("", "", {}, account=rule.account_id, region=rule.region_name, resources=[])
        bus.offer(rule, {name: original_event.get(name, shell[name]) for name in shell} | {"time": shell["time"]})

    replace(Rule, "send_to_targets", send_to_targets)


def keep_mails(mailbox: Mailbox, meter: Meter) -> None:
    """moto forgets what it would send by e-mail."""
    original: Callable[..., str] = replacing.original(Topic, "publish")

    def publish(topic: Topic, message: str, *args: Any, **named: Any) -> str:
        subscriptions, _ = topic.sns_backend.list_subscriptions_by_topic(topic_arn=topic.arn)
        to = tuple(item.endpoint for item in subscriptions if item.protocol == "email")
        meter.count("sns_emails", len(to))
        subject = named.get("subject") or "AWS Notification Message"
        mailbox.receive(topic.arn, to, subject, message, named.get("message_structure"))
        return original(topic, message, *args, **named)

    replace(Topic, "publish", publish)


def tell_log_groups(log_group: Callable[[str], str | None]) -> None:
    """moto does not tell where a function's lines go."""
    original: Callable[..., dict[str, Any]] = replacing.original(LambdaFunction, "get_configuration")

    def get_configuration(function: LambdaFunction, on_create: bool = False) -> dict[str, Any]:
        found, group = original(function, on_create), log_group(function.function_name)
        return found | ({"LoggingConfig": {"LogFormat": "Text", "LogGroup": group}} if group else {})

    replace(LambdaFunction, "get_configuration", get_configuration)


def take_keys_of_many_lines() -> None:
    """moto has no place for an S3 key with a line break in it."""
    original: Callable[..., None] = replacing.original(RegexConverter, "__init__")

    def init(converter: RegexConverter, url_map: Any, *items: Any) -> None:
        original(converter, url_map, f"(?s:{items[0]})")

    replace(RegexConverter, "__init__", init)
