"""Who may do what. A new permission has to be written down here, where a reviewer sees it."""

import pytest

EVERY_FUNCTION = """
    logs:CreateLogStream logs:PutLogEvents              {name}/Log
    xray:PutTraceSegments xray:PutTelemetryRecords      *
"""
PERMISSIONS = {
    "PlanJob": """
        s3:GetObject s3:GetObjectVersion                          Storage/Inbox/*
        s3:ListBucket                                             Storage/Inbox
        s3:GetObject s3:PutObject                                 Storage/Studio/jobs/*
        s3:ListBucket                                             Storage/Studio
        dynamodb:GetItem dynamodb:UpdateItem                      Ledger/Table
        bedrock:GetFoundationModel bedrock:GetFoundationModelAvailability   *
        servicequotas:ListServiceQuotas                           *
        states:DescribeExecution                                  states:Region:AccountId:execution:Workflow/Machine:*
    """,
    "AnalyzeSegment": """
        s3:GetObject s3:GetObjectVersion                          Storage/Inbox/*
        s3:GetObject s3:PutObject                                 Storage/Studio/jobs/*
        s3:ListBucket                                             Storage/Studio
        dynamodb:GetItem dynamodb:UpdateItem                      Ledger/Table
    """,
    "BudgetCalls": """
        s3:GetObject s3:PutObject                                 Storage/Studio/jobs/*
        s3:ListBucket                                             Storage/Studio
        dynamodb:GetItem dynamodb:UpdateItem                      Ledger/Table
    """,
    "ExtractSegment": """
        s3:GetObject s3:GetObjectVersion                          Storage/Inbox/*
        s3:GetObject s3:PutObject                                 Storage/Studio/jobs/*
        s3:ListBucket                                             Storage/Studio
        dynamodb:GetItem dynamodb:UpdateItem                      Ledger/Table
    """,
    "ReviewFrames": """
        s3:GetObject s3:PutObject                                 Storage/Studio/jobs/*
        s3:ListBucket                                             Storage/Studio
        dynamodb:GetItem dynamodb:UpdateItem                      Ledger/Table
    """,
    "RenderSegment": """
        s3:GetObject s3:GetObjectVersion                          Storage/Inbox/*
        s3:GetObject s3:PutObject s3:AbortMultipartUpload         Storage/Studio/jobs/*
        s3:ListBucket                                             Storage/Studio
        dynamodb:GetItem dynamodb:UpdateItem                      Ledger/Table
    """,
    "AssembleVideo": """
        s3:GetObject s3:GetObjectVersion                          Storage/Inbox/*
        s3:GetObject s3:PutObject                                 Storage/Studio/jobs/*
        s3:GetObject s3:PutObject s3:AbortMultipartUpload         Storage/Studio/results/*
        s3:ListBucket                                             Storage/Studio
        dynamodb:GetItem dynamodb:UpdateItem                      Ledger/Table
    """,
    "ExplainFailure": """
        dynamodb:GetItem dynamodb:UpdateItem                      Ledger/Table
        sns:Publish                                               Notifications/Topic
        sqs:SendMessage                                           Undelivered/Queue
        states:DescribeExecution                                  states:Region:AccountId:execution:Workflow/Machine:*
    """,
}
STYLIZE_FRAME = """
    s3:GetObject s3:PutObject                                     Storage/Studio/jobs/*
    s3:ListBucket                                                 Storage/Studio
    dynamodb:GetItem dynamodb:UpdateItem                          Ledger/Table
    bedrock:InvokeModel  bedrock:us-west-2::foundation-model/stability.sd3-5-large-v1:0
    bedrock:InvokeModel  bedrock:us-west-2:AccountId:inference-profile/us.stability.stable-style-transfer-v1:0
    bedrock:InvokeModel  bedrock:us-west-2:AccountId:inference-profile/us.stability.stable-image-control-structure-v1:0
    bedrock:InvokeModel  bedrock:us-west-2:AccountId:inference-profile/us.stability.stable-image-control-sketch-v1:0
"""
WORKFLOW = """
    s3:GetObject                                                  Storage/Studio/jobs/*
    s3:PutObject s3:ListMultipartUploadParts s3:AbortMultipartUpload  Storage/Studio/jobs/_maps/*
    sns:Publish                                                   Notifications/Topic
    states:StartExecution                                         Workflow/Machine
    states:DescribeExecution states:StopExecution                 states:Region:AccountId:execution:Workflow/Machine:*
    logs:CreateLogDelivery logs:GetLogDelivery logs:UpdateLogDelivery logs:DeleteLogDelivery logs:ListLogDeliveries  *
    logs:PutResourcePolicy logs:DescribeResourcePolicies logs:DescribeLogGroups  *
    xray:PutTraceSegments xray:PutTelemetryRecords xray:GetSamplingRules xray:GetSamplingTargets  *
"""


def table(text):
    """(action, resource) pairs of a table whose lines hold actions and then one resource."""
    rows = (line.split() for line in text.splitlines() if line.strip())
    return {(action, resource) for *actions, resource in rows for action in actions}


def allowed(stack, role, conditional=False):
    """(action, resource) pairs of a role's statements, those with or those without a condition."""
    chosen = [found for found in stack.statements(role) if ("Condition" in found) == conditional]
    assert all(statement["Effect"] == "Allow" for statement in chosen)
    pairs = ((action, on) for found in chosen for action in _list(found["Action"]) for on in _list(found["Resource"]))
    return {(action, on.removeprefix("arn:Partition:")) for action, on in pairs}


def _list(value):
    return value if isinstance(value, list) else [value]


@pytest.mark.parametrize("name", [*PERMISSIONS, "StylizeFrame"])
def test_a_function_may_do_what_is_written_here_and_nothing_else(stack, name):
    expected = table(PERMISSIONS.get(name, STYLIZE_FRAME) + EVERY_FUNCTION.format(name=name))

    assert allowed(stack, f"{name}/Role") == expected


def test_every_function_is_in_the_table(stack):
    assert set(stack.functions()) == {*PERMISSIONS, "StylizeFrame"}


def test_only_stylize_frame_has_conditional_rights_and_they_hold_through_a_profile_alone(stack):
    statements = [found for found in stack.statements("StylizeFrame/Role") if "Condition" in found]

    for statement in statements:
        profile = statement["Condition"]["StringEquals"]["bedrock:InferenceProfileArn"]
        model = profile.rpartition("/us.")[2]
        regions = ("us-east-1", "us-east-2", "us-west-2")
        assert statement["Action"] == "bedrock:InvokeModel"
        assert statement["Resource"] == [f"arn:Partition:bedrock:{at}::foundation-model/{model}" for at in regions]
    assert len(statements) == 3
    assert not any(allowed(stack, f"{name}/Role", conditional=True) for name in PERMISSIONS)


def test_nobody_may_subscribe_to_a_model_or_remove_a_file(stack):
    policies = stack.properties("AWS::IAM::Policy").values()
    actions = {
        action
        for policy in policies
        for found in policy["PolicyDocument"]["Statement"]
        for action in _list(found["Action"])
    }

    assert not {action for action in actions if action.startswith("aws-marketplace:") or "Delete" in action} - {
        "logs:DeleteLogDelivery"
    }
    assert not {action for action in actions if "*" in action}


def test_the_state_machine_calls_published_versions_of_its_functions_only(stack):
    versions = {
        ("lambda:InvokeFunction", f"{name}/Function:*") for name in stack.functions() if name != "ExplainFailure"
    }

    assert allowed(stack, "Workflow/Role") == table(WORKFLOW) | versions


def test_uploads_may_start_the_state_machine_and_no_more(stack):
    assert allowed(stack, "Workflow/Machine/EventsRole") == {("states:StartExecution", "Workflow/Machine")}


def test_no_role_takes_a_managed_policy(stack):
    assert not any("ManagedPolicyArns" in role for role in stack.properties("AWS::IAM::Role").values())


def test_an_endpoint_of_the_user_is_asked_about_and_called_under_its_name_in_lower_case(stack, adjusted_stack):
    endpoint = "sagemaker:Region:AccountId:endpoint/my-sdxl"

    assert ("sagemaker:DescribeEndpoint", endpoint) in allowed(adjusted_stack, "PlanJob/Role")
    assert ("sagemaker:InvokeEndpoint", endpoint) in allowed(adjusted_stack, "StylizeFrame/Role")
    assert not any(action.startswith("sagemaker:") for action, _ in allowed(stack, "StylizeFrame/Role"))


def test_models_are_called_where_the_stack_says(adjusted_stack):
    invoked = {on for action, on in allowed(adjusted_stack, "StylizeFrame/Role") if action == "bedrock:InvokeModel"}

    assert {on.split(":")[1] for on in invoked} == {"us-east-1"}
