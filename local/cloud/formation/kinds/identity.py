"""Roles and policies: kept in IAM for reading, and in the policy book for enforcement."""

import json
from collections.abc import Mapping
from typing import Any

from local.cloud.formation.kind import Made, Order
from local.cloud.formation.properties import PropertyError

_NO_GUESTS = "only this process assumes roles here"


class Role:
    """AWS::IAM::Role."""

    replaced_by = frozenset({"RoleName", "Path"})

    def put(self, order: Order) -> Made:
        """Create the role, or set its documents."""
        props, iam = order.props, order.client("iam")
        name, path = props.text("RoleName") or order.name(), props.text("Path", "/")
        trust = json.dumps(props.required("AssumeRolePolicyDocument"))
        if order.made:
            iam.update_assume_role_policy(RoleName=name, PolicyDocument=trust)
        else:
            iam.create_role(RoleName=name, Path=path, AssumeRolePolicyDocument=trust)
        role = iam.get_role(RoleName=name)["Role"]
        self._documents(order, name, role["Arn"])
        props.harmless("Description", "MaxSessionDuration", "Tags", because=_NO_GUESTS)
        return Made(name, {"Arn": role["Arn"], "RoleId": role["RoleId"]})

    def remove(self, order: Order) -> None:
        """Delete the role with what is attached to it."""
        assert order.made
        iam, name = order.client("iam"), order.made.physical_id
        for policy in iam.list_role_policies(RoleName=name)["PolicyNames"]:
            iam.delete_role_policy(RoleName=name, PolicyName=policy)
        iam.delete_role(RoleName=name)
        order.site.roles.forget(str(order.made.attributes["Arn"]))

    def _documents(self, order: Order, name: str, arn: str) -> None:
        wanted: dict[str, Mapping[str, Any]] = {}
        for policy in order.props.sections("Policies"):
            policy_name, document = policy.text("PolicyName"), policy.required("PolicyDocument")
            wanted[f"inline:{policy_name}"] = document
            order.client("iam").put_role_policy(
                RoleName=name, PolicyName=policy_name, PolicyDocument=json.dumps(document)
            )
        for managed in order.props.value("ManagedPolicyArns", []):
            wanted[f"managed:{managed}"] = _managed(order, managed)
        roles = order.site.roles
        for source in roles.sources(arn):
            if source.startswith(("inline:", "managed:")) and source not in wanted:
                roles.attach(arn, source, None)
        for source, document in wanted.items():
            roles.attach(arn, source, document)
        if not wanted:
            roles.attach(arn, "none", None)


def _managed(order: Order, arn: str) -> Mapping[str, Any]:
    document = order.site.roles.managed(arn)
    if document is None:
        raise PropertyError(f"Policy {arn} does not exist or is not attachable.")
    return document


class Policy:
    """AWS::IAM::Policy on roles."""

    replaced_by = frozenset({"PolicyName", "Roles"})

    def put(self, order: Order) -> Made:
        """Attach the document to each role."""
        name, document = order.props.text("PolicyName"), order.props.required("PolicyDocument")
        for role in order.props.required("Roles"):
            order.client("iam").put_role_policy(RoleName=role, PolicyName=name, PolicyDocument=json.dumps(document))
            order.site.roles.attach(_role_arn(order, role), f"policy:{name}", document)
        return Made(name, {"Roles": order.props.value("Roles")})

    def remove(self, order: Order) -> None:
        """Take the document away from each role."""
        assert order.made
        for role in order.made.attributes["Roles"]:
            arn = _role_arn(order, role)
            order.client("iam").delete_role_policy(RoleName=role, PolicyName=order.made.physical_id)
            order.site.roles.attach(arn, f"policy:{order.made.physical_id}", None)


def _role_arn(order: Order, role: str) -> str:
    return str(order.client("iam").get_role(RoleName=role)["Role"]["Arn"])


class ManagedPolicy:
    """AWS::IAM::ManagedPolicy, attached to roles or named by them."""

    replaced_by = frozenset({"ManagedPolicyName", "Path", "PolicyDocument", "Roles"})

    def put(self, order: Order) -> Made:
        """Keep the document and attach it to the roles."""
        props = order.props
        name, path = props.text("ManagedPolicyName") or order.name(128), props.text("Path", "/")
        document = props.required("PolicyDocument")
        arn = f"arn:aws:iam::{order.site.account}:policy{path}{name}"
        order.site.roles.keep_managed(arn, document)
        roles = [_role_arn(order, role) for role in props.value("Roles", [])]
        for role in roles:
            order.site.roles.attach(role, f"policy:{arn}", document)
        props.harmless("Description", because="it is only shown")
        return Made(arn, {"PolicyArn": arn, "roles": roles})

    def remove(self, order: Order) -> None:
        """Forget the document."""
        assert order.made
        for role in order.made.attributes["roles"]:
            order.site.roles.attach(role, f"policy:{order.made.physical_id}", None)
        order.site.roles.keep_managed(order.made.physical_id, None)
