"""The wiring, read top to bottom. The only file that says how large functions are and how long they may run."""

from functools import partial
from pathlib import Path

import aws_cdk as cdk
from aws_cdk import aws_iam as iam
from aws_cdk import aws_sqs as sqs
from constructs import Construct

from infra.intake import Intake
from infra.layers import Layers
from infra.ledger import Ledger
from infra.notifications import Notifications
from infra.outputs import tell_the_user
from infra.permissions import Permissions, give, watch_executions
from infra.settings import Settings
from infra.storage import Storage
from infra.tasks import Task
from infra.watch import FailureWatch, Undelivered
from infra.workflow import Workflow
from rotoscope import layout

FIXED_ENVIRONMENT = {
    "POWERTOOLS_SERVICE_NAME": "rotoscope",
    "POWERTOOLS_METRICS_NAMESPACE": "Rotoscope",
    "POWERTOOLS_LOG_LEVEL": "INFO",
    # The static FFmpeg binary crashes on MPEG-TS if it finds the host's character set modules.
    "GCONV_PATH": "/nonexistent",
}


class PipelineStack(cdk.Stack):
    """Rotoscope in one account and Region. Without `third_party_layers` only the laptop can run its functions."""

    def __init__(
        self, scope: Construct, construct_id: str, *, settings: Settings, root: Path, third_party_layers: bool
    ) -> None:
        super().__init__(scope, construct_id, description="Drop a video, get it back redrawn, and a mail that says so")
        self.settings, self.root = settings, root
        self.storage = Storage(self, "Storage", results_days=settings.results_days)
        self.ledger = Ledger(self, "Ledger")
        self.notifications = Notifications(self, "Notifications")
        self.layers = Layers(self, "Layers", folder=root / "layers", third_party=third_party_layers)
        can = Permissions(
            inbox=self.storage.inbox,
            studio=self.storage.studio,
            table=self.ledger.table,
            topic=self.notifications.topic,
            bedrock_region=settings.bedrock_region,
            sdxl_endpoint=settings.sdxl_endpoint,
        )
        tasks = {task.node.id: task for task in self._steps(can)}
        self.workflow = Workflow(
            self,
            "Workflow",
            definition=root / "statemachine" / "pipeline.asl.json",
            tasks=tasks,
            studio=self.storage.studio,
            topic=self.notifications.topic,
        )
        machine = self.workflow.machine
        # PlanJob asks whether the holder of a job still runs; in its role's own policy this would be a cycle.
        give(iam.Policy(self, "AskForExecutions", roles=[tasks["PlanJob"].role]), watch_executions(machine))
        undelivered = Undelivered(self, "Undelivered").queue
        Intake(self, "Intake", inbox=self.storage.inbox, machine=machine, undelivered=undelivered)
        explain = self._explain_failure(can, undelivered)
        FailureWatch(self, "FailureWatch", machine=machine, explain=explain.version, undelivered=undelivered)
        tell_the_user(self, undelivered)

    def _steps(self, can: Permissions) -> list[Task]:
        """What the state machine calls, in its order."""
        text, film, vision = self._task_kinds()
        read, jobs = can.read_uploads(), [*can.keep(layout.JOBS), *can.use_ledger()]
        plan = [*read, *jobs, *can.look_for_settings(), *can.ask_about_engines()]
        pixels = [*read, *jobs]
        render = [*pixels, *can.abort_uploads(layout.JOBS)]
        style = [*jobs, *can.call_engines()]
        join = [*read, *jobs, *can.keep(layout.RESULTS), *can.abort_uploads(layout.RESULTS)]
        most_mb = self.settings.memory_ceiling_mb
        up_to = partial(min, most_mb)
        return [
            film("PlanJob", memory_mb=up_to(2048), timeout_s=900, permissions=plan),
            vision("AnalyzeSegment", memory_mb=up_to(1769), timeout_s=600, permissions=pixels),
            text("BudgetCalls", memory_mb=up_to(1024), timeout_s=900, permissions=jobs),
            vision("ExtractSegment", memory_mb=up_to(1769), timeout_s=600, permissions=pixels),
            vision("StylizeFrame", memory_mb=up_to(1769), timeout_s=300, permissions=style),
            text("ReviewFrames", memory_mb=up_to(1024), timeout_s=900, permissions=jobs),
            vision("RenderSegment", memory_mb=most_mb, timeout_s=900, scratch_mb=8192, permissions=render),
            film("AssembleVideo", memory_mb=up_to(2048), timeout_s=900, scratch_mb=10240, permissions=join),
        ]

    def _explain_failure(self, can: Permissions, undelivered: sqs.IQueue) -> Task:
        """Outside of the state machine: it is called by what becomes of it. Nobody waits for it, hence dead letters."""
        topic = self.notifications.topic
        text, *_ = self._task_kinds(ROTOSCOPE_TOPIC=topic.topic_arn)
        tell = [*can.use_ledger(), *watch_executions(self.workflow.machine), *can.send_mail()]
        return text("ExplainFailure", memory_mb=512, timeout_s=60, permissions=tell, dead_letters=undelivered)

    def _task_kinds(self, **extra: str) -> tuple[partial[Task], partial[Task], partial[Task]]:
        """Tasks for text, film and vision: they differ in their layers alone."""
        common = partial(Task, self, lambdas=self.root / "lambdas", environment={**self._environment(), **extra})
        sets = (self.layers.text, self.layers.film, self.layers.vision)
        text, film, vision = (partial(common, layers=layers) for layers in sets)
        return text, film, vision

    def _environment(self) -> dict[str, str]:
        """What every function knows of the stack; unset settings are absent, not empty."""
        settings = self.settings
        chosen = {
            "ROTOSCOPE_INBOX": self.storage.inbox.bucket_name,
            "ROTOSCOPE_STUDIO": self.storage.studio.bucket_name,
            "ROTOSCOPE_LEDGER": self.ledger.table.table_name,
            "ROTOSCOPE_ENGINE": settings.engine,
            "ROTOSCOPE_BEDROCK_REGION": settings.bedrock_region,
            "ROTOSCOPE_DAILY_COST_USD": f"{settings.daily_cost_usd:g}",
            "ROTOSCOPE_SEGMENT_MEGAPIXELS": str(settings.segment_megapixels),
            "ROTOSCOPE_SDXL_ENDPOINT": settings.sdxl_endpoint,
            "ROTOSCOPE_SDXL_DIALECT": settings.sdxl_dialect,
        }
        return {**FIXED_ENVIRONMENT, **{name: value for name, value in chosen.items() if value is not None}}
