"""What the stack consists of: what it keeps, what it costs while nothing happens, what it tells the user."""

import json
import re

FREE_WHILE_IDLE = {
    *(
        "AWS::IAM::Role",
        "AWS::IAM::Policy",
        "AWS::Lambda::Function",
        "AWS::Lambda::Version",
        "AWS::Lambda::LayerVersion",
    ),
    *(
        "AWS::Lambda::Permission",
        "AWS::Events::Rule",
        "AWS::SNS::Topic",
        "AWS::SNS::TopicPolicy",
        "AWS::SNS::Subscription",
    ),
    *("AWS::SQS::Queue", "AWS::SQS::QueuePolicy", "AWS::StepFunctions::StateMachine", "AWS::S3::BucketPolicy"),
}
BILLED_FOR_STORAGE_ALONE = {"AWS::S3::Bucket", "AWS::Logs::LogGroup", "AWS::DynamoDB::Table"}


def lifecycle(stack, bucket):
    """{prefix: days} of the rules that expire objects."""
    rules = stack.properties("AWS::S3::Bucket")[bucket]["LifecycleConfiguration"]["Rules"]
    assert all(rule["Status"] == "Enabled" for rule in rules)
    return {rule["Prefix"]: rule["ExpirationInDays"] for rule in rules if "ExpirationInDays" in rule}


def test_nothing_is_billed_while_idle_beyond_storage(stack):
    kinds = {resource["Type"] for resource in stack.template["Resources"].values()}
    (table,) = stack.properties("AWS::DynamoDB::Table").values()

    assert kinds == FREE_WHILE_IDLE | BILLED_FOR_STORAGE_ALONE
    assert table["BillingMode"] == "PAY_PER_REQUEST"
    assert all("KmsMasterKeyId" not in queue for queue in stack.properties("AWS::SQS::Queue").values())


def test_only_the_two_buckets_outlive_the_stack(stack):
    kept = {
        stack.names[logical]
        for logical, resource in stack.template["Resources"].items()
        if resource.get("DeletionPolicy") == "Retain" and resource["Type"] != "AWS::Lambda::Version"
    }

    # AWS deletes every version of a function with the function.
    assert kept == {"Storage/Inbox", "Storage/Studio"}


def test_logs_go_with_the_stack_and_after_a_month(stack):
    groups = stack.resources("AWS::Logs::LogGroup")

    assert set(groups) == {*(f"{name}/Log" for name in stack.functions()), "Workflow/Log"}
    assert {group["DeletionPolicy"] for group in groups.values()} == {"Delete"}
    assert {group["Properties"]["RetentionInDays"] for group in groups.values()} == {30}


def test_both_buckets_are_private_and_answer_over_tls_only(stack):
    for name, bucket in stack.properties("AWS::S3::Bucket").items():
        (policy,) = (found for found in stack.properties("AWS::S3::BucketPolicy").values() if found["Bucket"] == name)
        (statement,) = policy["PolicyDocument"]["Statement"]
        assert set(bucket["PublicAccessBlockConfiguration"].values()) == {True}
        assert statement["Effect"] == "Deny"
        assert statement["Condition"] == {"Bool": {"aws:SecureTransport": "false"}}
        assert statement["Resource"] == [name, f"{name}/*"]


def test_bucket_names_say_which_is_which(stack):
    logical = {path: name for name, path in stack.names.items()}

    # CloudFormation makes a bucket's name of at most 24 letters each of the stack's name and of this one.
    assert "inbox" in logical["Storage/Inbox"][:24].lower()
    assert "studio" in logical["Storage/Studio"][:24].lower()
    assert all("BucketName" not in bucket for bucket in stack.properties("AWS::S3::Bucket").values())


def test_the_inbox_is_versioned_announces_uploads_and_forgets_old_versions(stack):
    inbox = stack.properties("AWS::S3::Bucket")["Storage/Inbox"]
    (old,) = (rule for rule in inbox["LifecycleConfiguration"]["Rules"] if "NoncurrentVersionExpiration" in rule)

    assert inbox["VersioningConfiguration"] == {"Status": "Enabled"}
    assert inbox["NotificationConfiguration"] == {"EventBridgeConfiguration": {"EventBridgeEnabled": True}}
    assert old["NoncurrentVersionExpiration"] == {"NoncurrentDays": 7}
    assert lifecycle(stack, "Storage/Inbox") == {}


def test_the_studio_forgets_jobs_and_cache_but_keeps_results(stack, adjusted_stack):
    assert lifecycle(stack, "Storage/Studio") == {"jobs/": 14, "cache/": 90}
    assert lifecycle(adjusted_stack, "Storage/Studio") == {"jobs/": 14, "cache/": 90, "results/": 30}


def test_parts_of_uploads_that_never_ended_are_removed_from_both(stack):
    for bucket in stack.properties("AWS::S3::Bucket").values():
        rules = bucket["LifecycleConfiguration"]["Rules"]
        assert {"DaysAfterInitiation": 7} in [rule.get("AbortIncompleteMultipartUpload") for rule in rules]


def test_the_ledger_has_the_keys_and_the_expiry_that_the_functions_use(stack):
    table = stack.properties("AWS::DynamoDB::Table")["Ledger/Table"]

    assert [(key["AttributeName"], key["KeyType"]) for key in table["KeySchema"]] == [("pk", "HASH"), ("sk", "RANGE")]
    assert {attribute["AttributeType"] for attribute in table["AttributeDefinitions"]} == {"S"}
    assert table["TimeToLiveSpecification"] == {"AttributeName": "expires_at", "Enabled": True}


def test_an_address_is_subscribed_only_if_one_is_given_and_stays_out_of_the_template(stack):
    (mail,) = stack.resources("AWS::SNS::Subscription").values()
    parameter = stack.template["Parameters"]["MailAddress"]

    assert mail["Condition"] == "MailAddressGiven"
    assert mail["Properties"]["Endpoint"] == {"Ref": "MailAddress"}
    assert stack.template["Conditions"]["MailAddressGiven"] == {
        "Fn::Not": [{"Fn::Equals": [{"Ref": "MailAddress"}, ""]}]
    }
    assert parameter["Default"] == ""
    assert re.match(parameter["AllowedPattern"], "you@example.com")
    assert not re.match(parameter["AllowedPattern"], "you at example")


def test_outputs_say_where_to_drop_where_to_look_and_what_is_left_to_do(stack):
    outputs = {name: stack.text(output["Value"]) for name, output in stack.template["Outputs"].items()}
    _, to_confirm, to_subscribe = outputs["Mail"]["Fn::If"]

    assert outputs["InboxBucket"] == "Storage/Inbox"
    assert outputs["StudioBucket"] == "Storage/Studio"
    assert outputs["StateMachineArn"] == "Workflow/Machine"
    assert outputs["TopicArn"] == "Notifications/Topic"
    assert outputs["LedgerTable"] == "Ledger/Table"
    assert "s3://Storage/Inbox/" in outputs["DropHere"]
    assert "s3://Storage/Studio/results/" in outputs["LookHere"]
    assert outputs["WatchHere"].endswith("#/statemachines/view/Workflow/Machine")
    assert "confirm" in to_confirm
    assert "--parameters MailAddress=" in to_subscribe
    assert all(name in outputs["AfterDestroy"] for name in ("Storage/Inbox", "Storage/Studio"))


def test_the_state_machine_is_standard_traced_and_logs_every_event_without_data(stack):
    machine = stack.properties("AWS::StepFunctions::StateMachine")["Workflow/Machine"]

    assert machine["StateMachineType"] == "STANDARD"
    assert machine["TracingConfiguration"] == {"Enabled": True}
    assert machine["LoggingConfiguration"]["Level"] == "ALL"
    assert machine["LoggingConfiguration"]["IncludeExecutionData"] is False
    assert "StateMachineName" not in machine


def test_the_state_machine_names_published_versions(stack):
    machine = stack.properties("AWS::StepFunctions::StateMachine")["Workflow/Machine"]
    given = machine["DefinitionSubstitutions"]
    asked = set(re.findall(r"\$\{(\w+)\}", machine["DefinitionString"]))
    steps = set(stack.functions()) - {"ExplainFailure"}

    assert asked == set(given) == steps | {"StudioBucket", "Topic", "MapResults"}
    assert {name: given[name] for name in steps} == {name: f"{name}/Function/CurrentVersion" for name in steps}
    assert given["MapResults"] == "jobs/_maps"


def test_the_laptop_gets_the_same_template_but_for_what_the_wheels_change(stack, laptop_stack):
    def without_hashes(found):
        text = json.dumps(
            {**found.template, "Resources": {k: {**v, "Metadata": ""} for k, v in found.template["Resources"].items()}}
        )
        return re.sub(r"[0-9a-f]{64}\.zip|(?<=CurrentVersion)[0-9A-F]{8}[0-9a-f]{32}", "HASH", text)

    def wheels(found):
        return {
            name: found.properties("AWS::Lambda::LayerVersion")[f"Layers/{name}"]["Content"]["S3Key"]
            for name in ("Core", "Deps", "Film", "Vision", "Ffmpeg")
        }

    assert without_hashes(stack) == without_hashes(laptop_stack)
    assert {name for name in wheels(stack) if wheels(stack)[name] != wheels(laptop_stack)[name]} == {
        *("Deps", "Film", "Vision", "Ffmpeg")
    }
