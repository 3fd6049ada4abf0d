"""CloudFormation's API, as far as the CDK and AWS command lines use it; moto reads requests and writes answers."""

from collections.abc import Mapping
from typing import Any

from moto.core.exceptions import ServiceException
from moto.core.responses import ActionResult, BaseResponse, EmptyResult

from local.cloud.formation import shapes
from local.cloud.formation.properties import PropertyError
from local.cloud.formation.service import Formation
from local.cloud.formation.stacks import ChangeSet, Plan, Stack
from local.cloud.formation.template import TemplateError, parse


class Invalid(ServiceException):
    """CloudFormation's answer to most mistakes."""

    code = "ValidationError"


class NoChangeSet(ServiceException):
    """The named change set does not exist."""

    code = "ChangeSetNotFound"


class FormationApi(BaseResponse):
    """One method per action."""

    def __init__(self, formation: Formation) -> None:
        super().__init__(service_name="cloudformation")
        self.formation = formation
        self.automated_parameter_parsing = True

    def create_change_set(self) -> ActionResult:
        """CreateChangeSet: of a stack that exists, or of one that begins with it."""
        stack = self._stack(required=False)
        plan = self._plan(stack)
        change_set = self.formation.change_set(
            stack, self._given("StackName"), self._given("ChangeSetName"), plan, self._get_param("Description")
        )
        return ActionResult({"Id": change_set.arn, "StackId": change_set.stack.stack_id})

    def describe_change_set(self) -> ActionResult:
        """DescribeChangeSet."""
        return ActionResult(shapes.change_set(self._change_set()))

    def list_change_sets(self) -> ActionResult:
        """ListChangeSets."""
        found = self._existing().change_sets.values()
        return ActionResult({"Summaries": [shapes.change_set_summary(item) for item in found]})

    def execute_change_set(self) -> ActionResult:
        """ExecuteChangeSet: the stack changes in the background."""
        change_set = self._change_set()
        if change_set.execution != "AVAILABLE":
            raise Invalid(f"ChangeSet [{change_set.arn}] cannot be executed in its current status")
        change_set.execution = "EXECUTE_COMPLETE"
        self.formation.apply(change_set.stack, change_set.plan)
        return EmptyResult()

    def delete_change_set(self) -> ActionResult:
        """DeleteChangeSet, known or not."""
        name, stack_name = self._given("ChangeSetName"), self._get_param("StackName")
        if found := self.formation.book.change_set(name, stack_name):
            del found.stack.change_sets[found.name]
        return EmptyResult()

    def create_stack(self) -> ActionResult:
        """CreateStack."""
        if self._stack(required=False):
            raise Invalid(f"Stack [{self._given('StackName')}] already exists")
        plan = self._plan(None)
        stack = self.formation.book.add(self._given("StackName"), plan)
        self.formation.apply(stack, plan)
        return ActionResult({"StackId": stack.stack_id})

    def update_stack(self) -> ActionResult:
        """UpdateStack."""
        stack = self._existing()
        plan = self._plan(stack)
        if plan == stack.plan:
            raise Invalid("No updates are to be performed.")
        self.formation.apply(stack, plan)
        return ActionResult({"StackId": stack.stack_id})

    def delete_stack(self) -> ActionResult:
        """DeleteStack, known or not."""
        stack = self._stack(required=False)
        if stack and stack.protected:
            raise Invalid(f"Stack [{stack.name}] cannot be deleted while TerminationProtection is enabled")
        if stack and stack.status != "DELETE_COMPLETE":
            self.formation.delete(stack)
        return EmptyResult()

    def describe_stacks(self) -> ActionResult:
        """DescribeStacks: one, or all that live."""
        if self._get_param("StackName"):
            return ActionResult({"Stacks": [shapes.stack(self._existing())]})
        return ActionResult({"Stacks": [shapes.stack(stack) for stack in self.formation.book.living()]})

    def list_stacks(self) -> ActionResult:
        """ListStacks, the deleted ones too unless a filter leaves them out."""
        wanted = self._get_param("StackStatusFilter") or []
        found = [stack for stack in self.formation.book.all() if not wanted or stack.status in wanted]
        return ActionResult({"StackSummaries": [shapes.stack_summary(stack) for stack in found]})

    def describe_stack_events(self) -> ActionResult:
        """DescribeStackEvents, newest first."""
        return ActionResult({"StackEvents": list(reversed(self._existing().events))})

    def describe_stack_resources(self) -> ActionResult:
        """DescribeStackResources."""
        stack, wanted = self._existing(), self._get_param("LogicalResourceId")
        found = [item for item in stack.resources.values() if wanted in (None, item.logical_id)]
        return ActionResult({"StackResources": [shapes.resource(stack, item) for item in found]})

    def describe_stack_resource(self) -> ActionResult:
        """DescribeStackResource."""
        stack, wanted = self._existing(), self._given("LogicalResourceId")
        if wanted not in stack.resources:
            raise Invalid(f"Resource {wanted} does not exist for stack {stack.name}")
        return ActionResult({"StackResourceDetail": shapes.resource_detail(stack, stack.resources[wanted])})

    def list_stack_resources(self) -> ActionResult:
        """ListStackResources."""
        found = self._existing().resources.values()
        return ActionResult({"StackResourceSummaries": [shapes.resource_summary(item) for item in found]})

    def get_template(self) -> ActionResult:
        """GetTemplate, as it was sent."""
        plan = self._change_set().plan if self._get_param("ChangeSetName") else self._existing().plan
        return ActionResult({"TemplateBody": plan.text, "StagesAvailable": ["Original", "Processed"]})

    def get_template_summary(self) -> ActionResult:
        """GetTemplateSummary, of a stack or of a template."""
        template = self._existing().plan.template if self._get_param("StackName") else self._template(None)[1]
        return ActionResult(shapes.template_summary(template))

    def validate_template(self) -> ActionResult:
        """ValidateTemplate."""
        return ActionResult(shapes.template_validation(self._template(None)[1]))

    def list_exports(self) -> ActionResult:
        """ListExports."""
        exports = [
            {"ExportingStackId": stack.stack_id, "Name": name, "Value": value}
            for stack in self.formation.book.living()
            for name, value in stack.exports().items()
        ]
        return ActionResult({"Exports": exports})

    def update_termination_protection(self) -> ActionResult:
        """UpdateTerminationProtection."""
        stack = self._existing()
        stack.protected = bool(self._get_param("EnableTerminationProtection"))
        return ActionResult({"StackId": stack.stack_id})

    def _given(self, name: str) -> str:
        return str(self._get_param(name))

    def _stack(self, required: bool) -> Stack | None:
        name = self._given("StackName")
        stack = self.formation.book.find(name)
        if stack is None and required:
            raise Invalid(f"Stack with id {name} does not exist")
        return stack

    def _existing(self) -> Stack:
        stack = self._stack(required=True)
        assert stack
        return stack

    def _change_set(self) -> ChangeSet:
        name, stack_name = self._given("ChangeSetName"), self._get_param("StackName")
        found = self.formation.book.change_set(name, stack_name)
        if found is None:
            raise NoChangeSet(f"ChangeSet [{name}] does not exist")
        return found

    def _template(self, stack: Stack | None) -> tuple[str, Mapping[str, Any]]:
        if self._get_param("UsePreviousTemplate") and stack:
            return stack.plan.text, stack.plan.template
        text = self._get_param("TemplateBody") or self.formation.fetch(self._given("TemplateURL"))
        try:
            return text, parse(text)
        except TemplateError as error:
            raise Invalid(str(error)) from error

    def _plan(self, stack: Stack | None) -> Plan:
        text, template = self._template(stack)
        previous = dict(stack.plan.parameter_texts) if stack else {}
        given = {
            item["ParameterKey"]: previous[item["ParameterKey"]]
            if item.get("UsePreviousValue")
            else item["ParameterValue"]
            for item in self._get_param("Parameters") or []
        }
        tags = tuple(dict(tag) for tag in self._get_param("Tags") or [])
        try:
            return self.formation.plan(text, template, given, tags, tuple(self._get_param("Capabilities") or []))
        except (TemplateError, PropertyError) as error:
            raise Invalid(str(error)) from error
