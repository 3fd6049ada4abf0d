"""The topic that carries every mail, and the optional subscription of one address."""

import aws_cdk as cdk
from aws_cdk import aws_sns as sns
from constructs import Construct

HOW_TO_SUBSCRIBE = (
    "No address was given: nobody gets mail. Run: npx cdk deploy --parameters MailAddress=you@example.com"
)
HOW_TO_CONFIRM = "AWS asks this address to confirm; no mail arrives before the link in that message is opened: "


class Notifications(Construct):
    """`topic`, and `subscription`: a sentence that says what the reader of the outputs has to do for mail to arrive.

    The address is a parameter and no context, so that it stays out of the repository and of the template.
    """

    def __init__(self, scope: Construct, construct_id: str) -> None:
        super().__init__(scope, construct_id)
        self.topic = sns.Topic(self, "Topic", display_name="Rotoscope", enforce_ssl=True)
        address = _mail_address(cdk.Stack.of(self))
        given = cdk.CfnCondition(
            self, "Given", expression=cdk.Fn.condition_not(cdk.Fn.condition_equals(address.value_as_string, ""))
        )
        given.override_logical_id("MailAddressGiven")
        mail = sns.CfnSubscription(
            self, "Mail", topic_arn=self.topic.topic_arn, protocol="email", endpoint=address.value_as_string
        )
        mail.cfn_options.condition = given
        to_confirm = cdk.Fn.join("", [HOW_TO_CONFIRM, address.value_as_string])
        self.subscription = cdk.Fn.condition_if(given.logical_id, to_confirm, HOW_TO_SUBSCRIBE).to_string()


def _mail_address(stack: cdk.Stack) -> cdk.CfnParameter:
    return cdk.CfnParameter(
        stack,
        "MailAddress",
        default="",
        description="Where mails about finished and failed videos go; empty for none.",
        allowed_pattern=r"^$|^[^@\s]+@[^@\s]+$",
        constraint_description="one e-mail address, or nothing",
    )
