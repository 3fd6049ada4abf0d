"""A small strict CloudFormation: it answers what the CDK command line asks, over the services of the local cloud."""
