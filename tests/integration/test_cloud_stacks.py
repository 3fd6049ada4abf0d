"""CloudFormation on the local cloud: what is made, changed, rolled back, kept and refused."""

import json
from contextlib import suppress

import pytest
from botocore.exceptions import ClientError, WaiterError

from local.cloud import LocalCloud

TABLE = {
    "Type": "AWS::DynamoDB::Table",
    "Properties": {
        "AttributeDefinitions": [{"AttributeName": "pk", "AttributeType": "S"}],
        "KeySchema": [{"AttributeName": "pk", "KeyType": "HASH"}],
        "BillingMode": "PAY_PER_REQUEST",
        "TimeToLiveSpecification": {"AttributeName": "expires", "Enabled": True},
    },
}


@pytest.fixture(scope="module")
def cloud(tmp_path_factory):
    with LocalCloud(tmp_path_factory.mktemp("cloud")) as running:
        yield running


def deploy(cloud, name, resources, **rest):
    """Create or update a stack through a change set, as the CDK's command line does."""
    cloudformation = cloud.client("cloudformation")
    parameters = [{"ParameterKey": key, "ParameterValue": text} for key, text in rest.pop("given", {}).items()]
    change = cloudformation.create_change_set(
        StackName=name,
        ChangeSetName="change",
        ChangeSetType="CREATE",
        TemplateBody=json.dumps({"Resources": resources, **rest}),
        Parameters=parameters,
    )
    described = cloudformation.describe_change_set(ChangeSetName=change["Id"])
    if described["Status"] == "FAILED":
        return described
    before = stack_of(cloud, name)["StackStatus"]
    cloudformation.execute_change_set(ChangeSetName=change["Id"])
    kind = "stack_create_complete" if before == "REVIEW_IN_PROGRESS" else "stack_update_complete"
    with suppress(WaiterError):
        cloudformation.get_waiter(kind).wait(StackName=name, WaiterConfig={"Delay": 0.1, "MaxAttempts": 100})
    return stack_of(cloud, name)


def stack_of(cloud, name):
    return cloud.client("cloudformation").describe_stacks(StackName=name)["Stacks"][0]


def outputs(stack):
    return {item["OutputKey"]: item["OutputValue"] for item in stack["Outputs"]}


def test_what_a_template_says_exists_afterwards(cloud):
    policy = {"PolicyDocument": {"Statement": []}, "Topics": [{"Ref": "News"}]}
    resources = {
        "Ledger": TABLE,
        "News": {"Type": "AWS::SNS::Topic"},
        "NewsPolicy": {"Type": "AWS::SNS::TopicPolicy", "Properties": policy},
        "Inbox": {
            "Type": "AWS::S3::Bucket",
            "Properties": {"VersioningConfiguration": {"Status": "Enabled"}},
        },
    }

    stack = deploy(cloud, "Made", resources, Outputs={"Bucket": {"Value": {"Ref": "Inbox"}}})

    assert stack["StackStatus"] == "CREATE_COMPLETE"
    bucket = outputs(stack)["Bucket"]
    assert "inbox" in bucket
    assert cloud.client("s3").get_bucket_versioning(Bucket=bucket)["Status"] == "Enabled"
    listed = cloud.client("cloudformation").list_stack_resources(StackName="Made")["StackResourceSummaries"]
    assert {item["LogicalResourceId"] for item in listed} == resources.keys()


def test_intrinsic_functions_are_evaluated(cloud):
    values = {
        "Sub": {"Fn::Sub": ["${AWS::Region}/${Topic.TopicName}/${!Kept}/${X}", {"X": "y"}]},
        "Join": {"Fn::Join": ["-", ["a", {"Fn::Select": [1, {"Fn::Split": [",", "x,b,z"]}]}]]},
        "If": {"Fn::If": ["Wanted", "yes", "no"]},
        "Map": {"Fn::FindInMap": ["Sizes", {"Ref": "AWS::Region"}, "small"]},
        "Secret": {"Ref": "Password"},
    }

    stack = deploy(
        cloud,
        "Values",
        {"Topic": {"Type": "AWS::SNS::Topic", "Properties": {"TopicName": "news"}}},
        Outputs={name: {"Value": value} for name, value in values.items()}
        | {"Absent": {"Condition": "Unwanted", "Value": "x"}},
        Parameters={"Password": {"Type": "String", "NoEcho": True}},
        Mappings={"Sizes": {"us-east-1": {"small": "1"}}},
        Conditions={"Wanted": {"Fn::Equals": ["1", "1"]}, "Unwanted": {"Fn::Not": [{"Condition": "Wanted"}]}},
        given={"Password": "pass"},
    )

    assert outputs(stack) == {
        "Sub": "us-east-1/news/${Kept}/y",
        "Join": "a-b",
        "If": "yes",
        "Map": "1",
        "Secret": "pass",
    }
    assert stack["Parameters"] == [{"ParameterKey": "Password", "ParameterValue": "****"}]


def test_a_second_deployment_changes_only_what_differs(cloud):
    first = {"Kept": TABLE, "Note": parameter("one"), "Gone": {"Type": "AWS::SNS::Topic"}}
    deploy(cloud, "Changed", first)

    stack = deploy(cloud, "Changed", {"Kept": TABLE, "Note": parameter("two")})

    assert stack["StackStatus"] == "UPDATE_COMPLETE"
    events = cloud.client("cloudformation").describe_stack_events(StackName="Changed")["StackEvents"]
    done = {(item["LogicalResourceId"], item["ResourceStatus"]) for item in events}
    assert ("Note", "UPDATE_COMPLETE") in done
    assert ("Gone", "DELETE_COMPLETE") in done
    assert ("Kept", "UPDATE_COMPLETE") not in done


def test_the_same_template_again_is_a_change_set_without_changes(cloud):
    deploy(cloud, "Same", {"Note": parameter("one")})

    described = deploy(cloud, "Same", {"Note": parameter("one")})

    assert described["Status"] == "FAILED"
    assert "didn't contain changes" in described["StatusReason"]


def test_a_property_that_nothing_emulates_is_an_error_that_names_it(cloud):
    wrong = {**TABLE, "Properties": {**TABLE["Properties"], "ImportSourceSpecification": {}}}

    stack = deploy(cloud, "Strict", {"Ledger": wrong})

    assert stack["StackStatus"] == "ROLLBACK_COMPLETE"
    assert "ImportSourceSpecification" in stack["StackStatusReason"]


def test_a_nested_property_that_nothing_emulates_is_an_error_that_names_it(cloud):
    rule = {"Id": "r", "Status": "Enabled", "ObjectSizeGreaterThan": "1"}
    bucket = {"Type": "AWS::S3::Bucket", "Properties": {"LifecycleConfiguration": {"Rules": [rule]}}}

    stack = deploy(cloud, "StrictNested", {"Inbox": bucket})

    assert "LifecycleConfiguration.Rules.0.ObjectSizeGreaterThan" in stack["StackStatusReason"]


def test_a_resource_type_that_nothing_emulates_is_an_error_that_names_it(cloud):
    stack = deploy(cloud, "Unknown", {"Queue": {"Type": "AWS::SQS::Queue"}, "Vm": {"Type": "AWS::EC2::Instance"}})

    assert stack["StackStatus"] == "ROLLBACK_COMPLETE"
    assert "AWS::EC2::Instance" in stack["StackStatusReason"]


def test_a_failed_update_goes_back_to_what_was(cloud):
    deploy(cloud, "Back", {"Note": parameter("one", name="/back")})
    bad = {"Type": "AWS::S3::Bucket", "DependsOn": "Note", "Properties": {"BucketName": "NO"}}

    stack = deploy(cloud, "Back", {"Note": parameter("two", name="/back"), "Bad": bad})

    assert stack["StackStatus"] == "UPDATE_ROLLBACK_COMPLETE"
    assert cloud.client("ssm").get_parameter(Name="/back")["Parameter"]["Value"] == "one"


def test_deleting_a_stack_leaves_what_its_policies_keep(cloud):
    kept = {"Type": "AWS::S3::Bucket", "DeletionPolicy": "Retain"}
    stack = deploy(
        cloud,
        "Deleted",
        {"Kept": kept, "Note": parameter("one", name="/deleted")},
        Outputs={"B": {"Value": {"Ref": "Kept"}}},
    )
    cloudformation = cloud.client("cloudformation")

    cloudformation.delete_stack(StackName="Deleted")
    cloudformation.get_waiter("stack_delete_complete").wait(
        StackName=stack["StackId"], WaiterConfig={"Delay": 0.1, "MaxAttempts": 50}
    )

    cloud.client("s3").head_bucket(Bucket=outputs(stack)["B"])
    with pytest.raises(ClientError, match="ParameterNotFound"):
        cloud.client("ssm").get_parameter(Name="/deleted")
    with pytest.raises(ClientError, match="does not exist"):
        cloudformation.describe_stacks(StackName="Deleted")


def test_a_missing_substitution_of_a_state_machine_is_an_error(cloud):
    definition = {"StartAt": "A", "States": {"A": {"Type": "Pass", "Result": "${Missing}", "End": True}}}
    properties = {"DefinitionString": json.dumps(definition), "RoleArn": "arn:aws:iam::123456789012:role/r"}

    stack = deploy(
        cloud, "Unsubstituted", {"Machine": {"Type": "AWS::StepFunctions::StateMachine", "Properties": properties}}
    )

    assert "Missing" in stack["StackStatusReason"]


def parameter(value, name=None):
    named = {"Name": name} if name else {}
    return {"Type": "AWS::SSM::Parameter", "Properties": {"Type": "String", "Value": value, **named}}
