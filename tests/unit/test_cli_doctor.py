"""`rotoscope doctor` finds what would stop a job, and says what to do."""

from types import SimpleNamespace

import pytest
from botocore.exceptions import ClientError, NoCredentialsError

from local.cli import checking
from rotoscope.engines.catalog import ENGINES

OUTPUTS = ("InboxBucket", "StudioBucket", "StateMachineArn", "TopicArn", "LedgerTable")
BEDROCK_ENGINES = [facts for facts in ENGINES.values() if facts.model_id]


def refused(code, message="no"):
    return ClientError({"Error": {"Code": code, "Message": message}}, "Operation")


def pages(*found):
    return lambda _: SimpleNamespace(paginate=lambda **_: found)


class FakeAccount:
    """An account where all is well, but for what a test changes: service name -> its answers, or an error."""

    endpoint, region = None, "us-west-2"

    def __init__(self, **changes):
        subscriptions = [{"Protocol": "email", "Endpoint": "me@example.com", "SubscriptionArn": "arn:confirmed"}]
        self.services = {
            "sts": {"get_caller_identity": {"Account": "123456789012", "Arn": "arn:aws:iam::123456789012:user/me"}},
            "sns": {"get_paginator": pages({"Subscriptions": subscriptions})},
            "bedrock": {
                "get_foundation_model": {"modelDetails": {"modelLifecycle": {"status": "ACTIVE"}}},
                "get_foundation_model_availability": availability(),
            },
            "service-quotas": {"get_service_quota": {"Quota": {"Value": 1000.0}}, "get_paginator": pages()},
        }
        for service, answers in changes.items():
            self.services.setdefault(service.replace("_", "-"), {}).update(answers)
        outputs = [{"OutputKey": key, "OutputValue": key.lower()} for key in OUTPUTS]
        self.formation = Client(changes.get("formation", {"describe_stacks": {"Stacks": [{"Outputs": outputs}]}}))

    def client(self, service, region=None):
        return Client(self.services[service])


class Client:
    """Gives the same answer to every call of an operation; an answer that can be called answers for itself."""

    def __init__(self, answers):
        self._answers = answers

    def __getattr__(self, operation):
        answer = self._answers[operation]

        def call(*arguments, **named):
            if isinstance(answer, Exception):
                raise answer
            return answer(*arguments, **named) if callable(answer) else answer

        return call


def availability(**changes):
    return {
        "agreementAvailability": {"status": "AVAILABLE"},
        "authorizationStatus": "AUTHORIZED",
        "entitlementAvailability": "AVAILABLE",
        "regionAvailability": "AVAILABLE",
        **changes,
    }


def found(account, about):
    findings = {finding.about: finding for finding in checking.examine(account, "Rotoscope", "us-west-2")}
    return findings[about]


def test_a_ready_account_has_nothing_to_mend():
    findings = list(checking.examine(FakeAccount(), "Rotoscope", "us-west-2"))

    assert {finding.level for finding in findings} == {"ok"}
    assert {facts.name for facts in BEDROCK_ENGINES} < {finding.about for finding in findings}


def test_without_credentials_nothing_else_is_asked():
    findings = list(
        checking.examine(FakeAccount(sts={"get_caller_identity": NoCredentialsError()}), "Rotoscope", "us-west-2")
    )

    assert [(finding.level, finding.about) for finding in findings] == [("problem", "account")]
    assert "aws configure" in findings[0].remedy


def test_a_missing_stack_is_a_problem_with_the_command_that_mends_it():
    account = FakeAccount(formation={"describe_stacks": refused("ValidationError")})

    finding = found(account, "stack")

    assert finding.level == "problem"
    assert "npx cdk deploy" in finding.what


@pytest.mark.parametrize(
    ("subscriptions", "words"),
    [
        ([], "Nobody gets a mail"),
        ([{"Protocol": "email", "Endpoint": "me@x.org", "SubscriptionArn": "PendingConfirmation"}], "me@x.org has not"),
    ],
)
def test_mail_that_will_not_arrive_is_a_warning(subscriptions, words):
    finding = found(FakeAccount(sns={"get_paginator": pages({"Subscriptions": subscriptions})}), "mail")

    assert finding.level == "warning"
    assert words in finding.what
    assert finding.remedy


@pytest.mark.parametrize(
    "missing",
    [
        {"agreementAvailability": {"status": "NOT_AVAILABLE"}},
        {"authorizationStatus": "NOT_AUTHORIZED"},
        {"entitlementAvailability": "NOT_AVAILABLE"},
        {"regionAvailability": "NOT_AVAILABLE"},
    ],
)
def test_a_model_that_may_not_be_called_is_a_problem(missing):
    account = FakeAccount(bedrock={"get_foundation_model_availability": availability(**missing)})

    assert found(account, "sd35").level == "problem"


def test_a_model_that_is_gone_is_a_problem_and_one_that_goes_is_a_warning():
    gone = FakeAccount(bedrock={"get_foundation_model": refused("ResourceNotFoundException")})
    going = FakeAccount(bedrock={"get_foundation_model": {"modelDetails": {"modelLifecycle": {"status": "LEGACY"}}}})

    assert found(gone, "sd35").level == "problem"
    assert found(going, "sd35").level == "warning"


def test_not_being_allowed_to_ask_is_no_problem():
    account = FakeAccount(bedrock={"get_foundation_model": refused("AccessDeniedException", "not authorized")})

    finding = found(account, "sd35")

    assert (finding.level, "not authorized" in finding.what) == ("warning", True)


def test_the_accounts_own_pace_is_shown_where_it_may_be_read():
    facts = ENGINES["sd35"]
    quota = {"QuotaName": facts.quota_name.upper(), "Value": 45.0}
    readable = FakeAccount(service_quotas={"get_paginator": pages({"Quotas": []}, {"Quotas": [quota]})})

    assert "45 times a minute" in found(readable, "sd35").what
    assert "by default 15 times" in found(FakeAccount(), "sd35").what


def test_a_new_accounts_few_functions_are_a_warning():
    account = FakeAccount(service_quotas={"get_service_quota": {"Quota": {"Value": 10.0}}})

    assert found(account, "functions").level == "warning"
