"""A video that was just dropped, and PlanJob run on it."""

import json

from rotoscope.contracts import PlanJobInput
from rotoscope.planning import plan_job
from tests.builders import EXECUTION, STARTED, a_job, an_upload
from tests.worlds import a_world

KEY = "clips/dance.mp4"
OTHER = EXECUTION + "-more"


def a_drop(settings=None, **instead):
    """A world into which a video was just dropped."""
    services = a_world(**instead)
    services.inbox.put(KEY, b"a video")
    if settings is not None:
        services.inbox.put(KEY + ".json", json.dumps(settings).encode())
    return services


def plan(services, event=None, execution=EXECUTION):
    """PlanJob's result, and the document it wrote."""
    result = plan_job(PlanJobInput(event=event or an_upload(a_job()), execution=execution, started=STARTED), services)
    return result, services.documents.plan(result.job.id)
