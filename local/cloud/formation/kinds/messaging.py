"""Topics, subscriptions, queues and their policies."""

import json
from typing import Any

from local.cloud.formation.kind import Made, Order

_NO_KEYS = "nothing is encrypted at rest in a process on the user's own machine"


class Topic:
    """AWS::SNS::Topic."""

    replaced_by = frozenset({"TopicName", "FifoTopic"})

    def put(self, order: Order) -> Made:
        """Create the topic, or set its display name."""
        props, sns = order.props, order.client("sns")
        if order.made:
            name, arn = order.made.physical_id.rsplit(":", 1)[1], order.made.physical_id
            props.harmless("TopicName", because="it has not changed")
        else:
            name = props.text("TopicName") or order.name(256)
            arn = sns.create_topic(Name=name)["TopicArn"]
        sns.set_topic_attributes(TopicArn=arn, AttributeName="DisplayName", AttributeValue=props.text("DisplayName"))
        for item in props.sections("Subscription"):
            sns.subscribe(TopicArn=arn, Protocol=item.text("Protocol"), Endpoint=item.text("Endpoint"))
        props.harmless("KmsMasterKeyId", "Tags", "TracingConfig", because=_NO_KEYS)
        return Made(arn, {"TopicArn": arn, "TopicName": name})

    def remove(self, order: Order) -> None:
        """Delete the topic and its subscriptions."""
        assert order.made
        order.client("sns").delete_topic(TopicArn=order.made.physical_id)


class TopicPolicy:
    """AWS::SNS::TopicPolicy."""

    replaced_by = frozenset({"Topics"})

    def put(self, order: Order) -> Made:
        """Set the policy of each topic."""
        document = json.dumps(order.props.required("PolicyDocument"))
        for arn in order.props.required("Topics"):
            order.client("sns").set_topic_attributes(TopicArn=arn, AttributeName="Policy", AttributeValue=document)
        return Made(order.name())

    def remove(self, order: Order) -> None:
        """Leave the policy: its topic goes with it, or nobody but this account can publish."""


class Subscription:
    """AWS::SNS::Subscription; an e-mail address counts as confirmed."""

    replaced_by = frozenset({"TopicArn", "Protocol", "Endpoint"})

    def put(self, order: Order) -> Made:
        """Subscribe, or set the subscription's attributes."""
        props, sns = order.props, order.client("sns")
        topic, protocol, endpoint = (props.text(name) for name in ("TopicArn", "Protocol", "Endpoint"))
        if order.made:
            arn = order.made.physical_id
        else:
            arn = sns.subscribe(TopicArn=topic, Protocol=protocol, Endpoint=endpoint, ReturnSubscriptionArn=True)[
                "SubscriptionArn"
            ]
        for name, value in props.picked("FilterPolicy", "RawMessageDelivery", "FilterPolicyScope").items():
            text = value if isinstance(value, str) else json.dumps(value)
            sns.set_subscription_attributes(SubscriptionArn=arn, AttributeName=name, AttributeValue=text)
        return Made(arn, {"Arn": arn})

    def remove(self, order: Order) -> None:
        """End the subscription."""
        assert order.made
        order.client("sns").unsubscribe(SubscriptionArn=order.made.physical_id)


_QUEUE_ATTRIBUTES = (
    "DelaySeconds",
    "MaximumMessageSize",
    "MessageRetentionPeriod",
    "ReceiveMessageWaitTimeSeconds",
    "VisibilityTimeout",
    "RedrivePolicy",
    "RedriveAllowPolicy",
)


class Queue:
    """AWS::SQS::Queue."""

    replaced_by = frozenset({"QueueName", "FifoQueue"})

    def put(self, order: Order) -> Made:
        """Create the queue, or set its attributes."""
        props, sqs = order.props, order.client("sqs")
        attributes = {name: _text(value) for name, value in props.picked(*_QUEUE_ATTRIBUTES).items()}
        if order.made:
            name, url = str(order.made.attributes["QueueName"]), order.made.physical_id
            props.harmless("QueueName", because="it has not changed")
            sqs.set_queue_attributes(QueueUrl=url, Attributes=attributes)
        else:
            name = props.text("QueueName") or order.name(80)
            url = sqs.create_queue(QueueName=name, Attributes=attributes)["QueueUrl"]
        props.harmless("SqsManagedSseEnabled", "KmsMasterKeyId", "Tags", because=_NO_KEYS)
        return Made(url, {"Arn": order.arn("sqs", name), "QueueName": name, "QueueUrl": url})

    def remove(self, order: Order) -> None:
        """Delete the queue with its messages."""
        assert order.made
        order.client("sqs").delete_queue(QueueUrl=order.made.physical_id)


class QueuePolicy:
    """AWS::SQS::QueuePolicy."""

    replaced_by = frozenset({"Queues"})

    def put(self, order: Order) -> Made:
        """Set the policy of each queue."""
        document = json.dumps(order.props.required("PolicyDocument"))
        for url in order.props.required("Queues"):
            order.client("sqs").set_queue_attributes(QueueUrl=url, Attributes={"Policy": document})
        return Made(order.name())

    def remove(self, order: Order) -> None:
        """Leave the policy: its queue goes with it."""


def _text(value: Any) -> str:
    return json.dumps(value) if isinstance(value, dict) else str(value)
