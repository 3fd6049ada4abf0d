"""Creates, updates, rolls back and deletes stacks."""

from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError

from local.cloud.formation.kind import Kind, Made, Order, Site
from local.cloud.formation.properties import Properties, PropertyError
from local.cloud.formation.registry import kind_of
from local.cloud.formation.stacks import Plan, Stack, StackResource
from local.cloud.formation.template import Evaluator, TemplateError, creation_order

FAILURES = (TemplateError, PropertyError, BotoCoreError, ClientError)
_KEPT = frozenset({"Retain", "RetainExceptOnCreate", "Snapshot"})
_KEPT_ON_ROLLBACK = _KEPT - {"RetainExceptOnCreate"}


class ResourceFailed(Exception):
    """A resource could not be made; the stack rolls back."""


class Deployment:
    """One change of one stack, from its first event to its last."""

    def __init__(self, stack: Stack, site: Site, exports: Mapping[str, str]) -> None:
        self._stack = stack
        self._site = site
        self._exports = exports
        self._undo: list[Callable[[], None]] = []
        self._obsolete: list[StackResource] = []

    def apply(self, plan: Plan) -> None:
        """Bring the stack to what the plan says, or back to what it was."""
        stack, verb = self._stack, "UPDATE" if self._stack.resources else "CREATE"
        evaluator = self._evaluator(plan)
        stack.enter(f"{verb}_IN_PROGRESS", "User Initiated")
        try:
            bodies = self._wanted(plan.template, evaluator)
            for logical_id in creation_order(bodies):
                self._settle(logical_id, bodies[logical_id], evaluator)
            outputs = self._outputs(plan.template, evaluator)
        except (ResourceFailed, *FAILURES) as error:
            self._roll_back(verb, str(error))
            return
        stack.plan, stack.outputs, stack.updated = plan, outputs, datetime.now(UTC)
        self._clean_up(verb, bodies)
        stack.enter(f"{verb}_COMPLETE")

    def delete(self) -> None:
        """Remove every resource that no policy keeps, the newest first."""
        self._stack.enter("DELETE_IN_PROGRESS", "User Initiated")
        newest_first = reversed(self._stack.resources.values())
        failed = [item.logical_id for item in newest_first if not self._remove(item, item.deletion_policy in _KEPT)]
        if failed:
            self._stack.enter("DELETE_FAILED", f"The following resource(s) failed to delete: [{', '.join(failed)}].")
            return
        self._stack.deleted = datetime.now(UTC)
        self._stack.enter("DELETE_COMPLETE")

    def _evaluator(self, plan: Plan) -> Evaluator:
        site = self._site
        pseudo = {
            "AWS::AccountId": site.account,
            "AWS::Region": site.region,
            "AWS::Partition": "aws",
            "AWS::URLSuffix": "amazonaws.com",
            "AWS::StackName": site.stack_name,
            "AWS::StackId": site.stack_id,
        }
        return Evaluator(
            plan.template,
            parameters=plan.parameters,
            pseudo=pseudo,
            exports=self._exports,
            attribute=self._attribute,
        )

    def _attribute(self, logical_id: str, name: str | None) -> Any:
        resource = self._stack.resources.get(logical_id)
        if resource is None:
            raise TemplateError(f"Template error: unresolved reference to {logical_id}")
        made = resource.made
        if name is None:
            return made.ref or made.physical_id
        if name not in made.attributes:
            raise TemplateError(f"{resource.type} has no attribute {name} here")
        return made.attributes[name]

    def _wanted(self, template: Mapping[str, Any], evaluator: Evaluator) -> dict[str, Mapping[str, Any]]:
        _check_rules(template, evaluator)
        bodies = {name: body for name, body in template["Resources"].items() if evaluator.wanted(body)}
        for body in bodies.values():
            kind_of(body["Type"])
        return bodies

    def _settle(self, logical_id: str, body: Mapping[str, Any], evaluator: Evaluator) -> None:
        values = evaluator.value(body.get("Properties", {}))
        existing = self._stack.resources.get(logical_id)
        if existing and existing.type == body["Type"] and existing.properties == values:
            existing.follow(body)
            return
        kind = kind_of(body["Type"])
        changed = _changed(existing.properties, values) if existing else set()
        if existing and existing.type == body["Type"] and not changed & kind.replaced_by:
            self._change(kind, existing, values)
            existing.follow(body)
        else:
            self._create(kind, logical_id, body["Type"], values).follow(body)
            if existing:
                self._obsolete.append(existing)

    def _create(self, kind: Kind, logical_id: str, type_: str, values: Mapping[str, Any]) -> StackResource:
        made = self._put(kind, "CREATE", logical_id, type_, values, None)
        previous = self._stack.resources.pop(logical_id, None)
        resource = StackResource(logical_id, type_, values, made)
        self._stack.resources[logical_id] = resource

        def undo() -> None:
            self._remove(resource, resource.deletion_policy in _KEPT_ON_ROLLBACK)
            if previous:
                self._stack.resources[logical_id] = previous

        self._undo.append(undo)
        return resource

    def _change(self, kind: Kind, resource: StackResource, values: Mapping[str, Any]) -> None:
        before, made_before = resource.properties, resource.made
        resource.made = self._put(kind, "UPDATE", resource.logical_id, resource.type, values, resource.made)
        resource.properties = values
        resource.status, resource.changed = "UPDATE_COMPLETE", datetime.now(UTC)

        def undo() -> None:
            resource.made = self._put(kind, "UPDATE", resource.logical_id, resource.type, before, made_before)
            resource.properties = before

        self._undo.append(undo)

    def _put(
        self, kind: Kind, verb: str, logical_id: str, type_: str, values: Mapping[str, Any], made: Made | None
    ) -> Made:
        props = Properties(values)
        physical_id = made.physical_id if made else ""
        order = Order(self._site, logical_id, props, made)
        self._stack.note(logical_id, type_, physical_id, f"{verb}_IN_PROGRESS")
        try:
            result = kind.put(order)
            if unread := props.unread():
                if made is None:
                    kind.remove(order.after(result))
                raise PropertyError(f"properties that the local cloud does not emulate: {', '.join(unread)}")
        except FAILURES as error:
            self._stack.note(logical_id, type_, physical_id, f"{verb}_FAILED", str(error))
            raise ResourceFailed(f"{logical_id} ({type_}): {error}") from error
        self._stack.note(logical_id, type_, result.physical_id, f"{verb}_COMPLETE")
        return result

    def _remove(self, resource: StackResource, keep: bool) -> bool:
        note = (resource.logical_id, resource.type, resource.made.physical_id)
        if keep:
            self._stack.note(*note, "DELETE_SKIPPED")
            return True
        self._stack.note(*note, "DELETE_IN_PROGRESS")
        order = Order(self._site, resource.logical_id, Properties(resource.properties), resource.made)
        try:
            kind_of(resource.type).remove(order)
        except FAILURES as error:
            self._stack.note(*note, "DELETE_FAILED", str(error))
            return False
        self._stack.note(*note, "DELETE_COMPLETE")
        return True

    def _roll_back(self, verb: str, reason: str) -> None:
        back = "ROLLBACK" if verb == "CREATE" else "UPDATE_ROLLBACK"
        self._stack.enter(f"{back}_IN_PROGRESS", reason)
        for undo in reversed(self._undo):
            undo()
        if verb == "CREATE":
            self._stack.resources.clear()
        self._stack.enter(f"{back}_COMPLETE", reason)

    def _clean_up(self, verb: str, bodies: Mapping[str, Any]) -> None:
        gone = [self._stack.resources[name] for name in self._stack.resources if name not in bodies]
        if verb == "UPDATE":
            self._stack.enter("UPDATE_COMPLETE_CLEANUP_IN_PROGRESS")
        for resource in self._obsolete:
            self._remove(resource, resource.replace_policy in _KEPT)
        for resource in reversed(gone):
            self._remove(resource, resource.deletion_policy in _KEPT)
            del self._stack.resources[resource.logical_id]

    def _outputs(self, template: Mapping[str, Any], evaluator: Evaluator) -> list[dict[str, str]]:
        outputs = []
        for name, body in template.get("Outputs", {}).items():
            if evaluator.wanted(body):
                output = {"OutputKey": name, "OutputValue": str(evaluator.value(body["Value"]))}
                if "Description" in body:
                    output["Description"] = body["Description"]
                if "Export" in body:
                    output["ExportName"] = evaluator.value(body["Export"]["Name"])
                outputs.append(output)
        return outputs


def _changed(before: Mapping[str, Any], after: Mapping[str, Any]) -> set[str]:
    return {name for name in before.keys() | after.keys() if before.get(name) != after.get(name)}


def _check_rules(template: Mapping[str, Any], evaluator: Evaluator) -> None:
    for rule in template.get("Rules", {}).values():
        if evaluator.value(rule.get("RuleCondition", True)):
            for item in rule["Assertions"]:
                if not evaluator.value(item["Assert"]):
                    raise TemplateError(f"Template validation error: {item.get('AssertDescription', 'rule failed')}")
