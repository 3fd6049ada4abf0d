"""The CDK app: one stack. `npx cdk deploy` runs this file."""

from infra.app import make_app

if __name__ == "__main__":
    make_app().synth()
