"""Which resource types the deployer knows."""

from local.cloud.formation.kind import Kind
from local.cloud.formation.kinds import compute, identity, messaging, storage, sundries, workflows
from local.cloud.formation.template import TemplateError

KINDS: dict[str, Kind] = {
    "AWS::CDK::Metadata": sundries.Metadata(),
    "AWS::CloudWatch::Alarm": sundries.Alarm(),
    "AWS::DynamoDB::Table": storage.Table(),
    "AWS::ECR::Repository": sundries.Repository(),
    "AWS::Events::Rule": workflows.Rule(),
    "AWS::IAM::ManagedPolicy": identity.ManagedPolicy(),
    "AWS::IAM::Policy": identity.Policy(),
    "AWS::IAM::Role": identity.Role(),
    "AWS::Lambda::EventInvokeConfig": compute.InvokeConfig(),
    "AWS::Lambda::Function": compute.Function(),
    "AWS::Lambda::LayerVersion": compute.LayerVersion(),
    "AWS::Lambda::Permission": compute.FunctionPermission(),
    "AWS::Lambda::Url": compute.FunctionUrl(),
    "AWS::Lambda::Version": compute.Version(),
    "AWS::Logs::LogGroup": sundries.LogGroup(),
    "AWS::S3::Bucket": storage.Bucket(),
    "AWS::S3::BucketPolicy": storage.BucketPolicy(),
    "AWS::SNS::Subscription": messaging.Subscription(),
    "AWS::SNS::Topic": messaging.Topic(),
    "AWS::SNS::TopicPolicy": messaging.TopicPolicy(),
    "AWS::SQS::Queue": messaging.Queue(),
    "AWS::SQS::QueuePolicy": messaging.QueuePolicy(),
    "AWS::SSM::Parameter": sundries.Parameter(),
    "AWS::StepFunctions::StateMachine": workflows.StateMachine(),
}


def kind_of(type_: str) -> Kind:
    """The resource type, or an error that names it."""
    if type_ not in KINDS:
        raise TemplateError(f"resource type {type_} is not emulated by the local cloud")
    return KINDS[type_]
