"""A small stack with everything between an upload and a mail, as a CloudFormation template."""

import json


def role(*allowed, service="lambda.amazonaws.com"):
    statements = [{"Effect": "Allow", "Action": action, "Resource": resource} for action, resource in allowed]
    trust = {"Statement": [{"Effect": "Allow", "Principal": {"Service": service}, "Action": "sts:AssumeRole"}]}
    policy = {"PolicyName": "own", "PolicyDocument": {"Version": "2012-10-17", "Statement": statements}}
    return {
        "Type": "AWS::IAM::Role",
        "Properties": {"AssumeRolePolicyDocument": trust, "Policies": [policy] if statements else []},
    }


def function(code, role_id, **properties):
    return {
        "Type": "AWS::Lambda::Function",
        "Properties": {
            "Code": {"ZipFile": code},
            "Handler": "index.handler",
            "Runtime": "python3.13",
            "Role": {"Fn::GetAtt": [role_id, "Arn"]},
            "Timeout": 10,
            **properties,
        },
    }


def rule(pattern, *targets):
    return {"Type": "AWS::Events::Rule", "Properties": {"EventPattern": pattern, "Targets": list(targets)}}


TELL = """
import boto3, json, os
def handler(event, context):
    boto3.client("sns").publish(TopicArn=os.environ["TOPIC"], Subject="failed", Message=json.dumps(event))
"""
BREAK = """
class Unready(Exception): pass
def handler(event, context):
    raise Unready("not yet")
"""
MACHINE = {
    "StartAt": "Look",
    "States": {
        "Look": {
            "Type": "Choice",
            "Choices": [{"Variable": "$.detail.object.key", "StringMatches": "*bad*", "Next": "Break"}],
            "Default": "Tell",
        },
        "Break": {
            "Type": "Task",
            "Resource": "arn:aws:states:::lambda:invoke",
            "Parameters": {"FunctionName": "${Break}", "Payload.$": "$"},
            "Retry": [{"ErrorEquals": ["Unready"], "IntervalSeconds": 1, "MaxAttempts": 1, "MaxDelaySeconds": 2}],
            "TimeoutSeconds": 30,
            "End": True,
        },
        "Tell": {
            "Type": "Task",
            "Resource": "arn:aws:states:::sns:publish",
            "Parameters": {"TopicArn": "${Topic}", "Subject": "done", "Message.$": "$.detail.object.key"},
            "End": True,
        },
    },
}
TEMPLATE = {
    "Parameters": {"Mail": {"Type": "String"}},
    "Resources": {
        "Topic": {"Type": "AWS::SNS::Topic"},
        "Address": {
            "Type": "AWS::SNS::Subscription",
            "Properties": {"Protocol": "email", "Endpoint": {"Ref": "Mail"}, "TopicArn": {"Ref": "Topic"}},
        },
        "Inbox": {
            "Type": "AWS::S3::Bucket",
            "Properties": {
                "VersioningConfiguration": {"Status": "Enabled"},
                "NotificationConfiguration": {"EventBridgeConfiguration": {"EventBridgeEnabled": True}},
            },
        },
        "Dead": {"Type": "AWS::SQS::Queue"},
        "DeadPolicy": {
            "Type": "AWS::SQS::QueuePolicy",
            "Properties": {
                "Queues": [{"Ref": "Dead"}],
                "PolicyDocument": {
                    "Statement": [
                        {
                            "Effect": "Allow",
                            "Principal": {"Service": "events.amazonaws.com"},
                            "Action": "sqs:SendMessage",
                            "Resource": {"Fn::GetAtt": ["Dead", "Arn"]},
                        }
                    ]
                },
            },
        },
        "TellRole": role(("sns:Publish", {"Ref": "Topic"})),
        "Tell": function(TELL, "TellRole", Environment={"Variables": {"TOPIC": {"Ref": "Topic"}}}),
        "Break": function(BREAK, "TellRole"),
        "MachineRole": role(
            ("sns:Publish", {"Ref": "Topic"}),
            ("lambda:InvokeFunction", {"Fn::GetAtt": ["Break", "Arn"]}),
            service="states.amazonaws.com",
        ),
        "StartRole": role(("states:StartExecution", {"Ref": "Machine"}), service="events.amazonaws.com"),
        "Machine": {
            "Type": "AWS::StepFunctions::StateMachine",
            "Properties": {
                "DefinitionString": json.dumps(MACHINE),
                "DefinitionSubstitutions": {"Topic": {"Ref": "Topic"}, "Break": {"Fn::GetAtt": ["Break", "Arn"]}},
                "RoleArn": {"Fn::GetAtt": ["MachineRole", "Arn"]},
            },
        },
        "Dropped": rule(
            {
                "source": ["aws.s3"],
                "detail-type": ["Object Created"],
                "detail": {
                    "bucket": {"name": [{"Ref": "Inbox"}]},
                    "object": {"key": [{"suffix": {"equals-ignore-case": ".mp4"}}]},
                },
            },
            {"Id": "run", "Arn": {"Ref": "Machine"}, "RoleArn": {"Fn::GetAtt": ["StartRole", "Arn"]}},
        ),
        "Failed": rule(
            {"source": ["aws.states"], "detail": {"stateMachineArn": [{"Ref": "Machine"}], "status": ["FAILED"]}},
            {"Id": "tell", "Arn": {"Fn::GetAtt": ["Tell", "Arn"]}},
        ),
        "MayTell": {
            "Type": "AWS::Lambda::Permission",
            "Properties": {
                "Action": "lambda:InvokeFunction",
                "FunctionName": {"Fn::GetAtt": ["Tell", "Arn"]},
                "Principal": "events.amazonaws.com",
                "SourceArn": {"Fn::GetAtt": ["Failed", "Arn"]},
            },
        },
        "Custom": rule(
            {"source": ["my.shop"]},
            {
                "Id": "forbidden",
                "Arn": {"Fn::GetAtt": ["Tell", "Arn"]},
                "InputTransformer": {"InputPathsMap": {"n": "$.detail.n"}, "InputTemplate": '{"n": <n>}'},
                "DeadLetterConfig": {"Arn": {"Fn::GetAtt": ["Dead", "Arn"]}},
            },
        ),
    },
    "Outputs": {
        name: {"Value": {"Ref": logical}}
        for name, logical in {"Inbox": "Inbox", "Machine": "Machine", "Dead": "Dead"}.items()
    },
}
