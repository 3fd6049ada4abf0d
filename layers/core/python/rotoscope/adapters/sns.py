"""The stack's SNS topic as notifier."""

from rotoscope.adapters.clients import client
from rotoscope.contracts import Mail


class SnsTopic:
    """Publishes to everyone who confirmed the subscription."""

    def __init__(self, topic_arn: str) -> None:
        self._topic, self._sns = topic_arn, client("sns")

    def send(self, mail: Mail) -> None:
        self._sns.publish(TopicArn=self._topic, Subject=mail.subject, Message=mail.text)
