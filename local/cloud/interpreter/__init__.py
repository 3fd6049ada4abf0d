"""moto's state machine interpreter, made to behave like Step Functions where our state machine can tell the difference.

Nothing in site-packages is edited: each function here replaces one thing, and its docstring says why.
"""

import logging
from collections.abc import Callable

from moto.core.config import default_user_config

from local.cloud.interpreter import clients, executions, maps, paths, results, waiting


def prepare(
    role_clients: clients.RoleClients,
    allows: maps.Allows,
    listener: executions.StatusListener,
    count_transition: Callable[[], None],
) -> None:
    """Make the interpreter of this process work for one local cloud."""
    # It logs every Choice that looks for a missing field as an error; what really fails is in the history.
    logging.getLogger("moto.stepfunctions").setLevel(logging.CRITICAL)
    default_user_config["stepfunctions"] = {"execute_state_machine": True}
    clients.use(role_clients)
    paths.parse_once()
    maps.use_loop(allows)
    results.name_bucket_errors()
    results.write_results()
    waiting.end_tasks_with_execution()
    waiting.meet_time_stamps()
    waiting.write_times_like_aws()
    executions.announce(listener)
    executions.name_executions()
    executions.stop_with_reason()
    executions.page_histories()
    executions.date_time_outs()
    executions.meter_transitions(count_transition)
