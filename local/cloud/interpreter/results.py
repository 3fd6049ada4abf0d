"""What a Distributed Map's ResultWriter puts into the bucket."""

import json
from collections.abc import Callable
from typing import Any

from botocore.exceptions import ClientError
from moto.stepfunctions.parser.api import HistoryEventType
from moto.stepfunctions.parser.asl.component.common.error_name.failure_event import FailureEvent, FailureEventException
from moto.stepfunctions.parser.asl.component.common.error_name.states_error_name import StatesErrorName
from moto.stepfunctions.parser.asl.component.common.error_name.states_error_name_type import StatesErrorNameType
from moto.stepfunctions.parser.asl.component.state.exec.state_map.item_reader.item_reader_decl import ItemReader
from moto.stepfunctions.parser.asl.component.state.exec.state_map.result_writer.resource_eval import resource_eval_s3
from moto.stepfunctions.parser.asl.component.state.exec.state_map.result_writer.result_writer_decl import ResultWriter
from moto.stepfunctions.parser.asl.eval.environment import Environment
from moto.stepfunctions.parser.asl.utils.encoding import to_json_str

from local.cloud import replacing
from local.cloud.interpreter.clients import CLIENT
from local.cloud.interpreter.maps import RECORD

_FILES = {"SUCCEEDED": ("SUCCEEDED",), "FAILED": ("FAILED", "TIMED_OUT"), "PENDING": ("ABORTED", None)}


def name_bucket_errors() -> None:
    """moto calls every failure of an ItemReader or a ResultWriter States.Runtime."""
    for component, kind in (
        (ItemReader, StatesErrorNameType.StatesItemReaderFailed),
        (ResultWriter, StatesErrorNameType.StatesResultWriterFailed),
    ):
        replacing.replace(component, "_eval_body", _named(replacing.original(component, "_eval_body"), kind))


def _named(evaluate: Callable[[Any, Environment], None], kind: StatesErrorNameType) -> Callable[..., None]:
    def eval_body(self: Any, env: Environment) -> None:
        try:
            evaluate(self, env)
        except ClientError as error:
            details: Any = {"mapRunFailedEventDetails": {"error": kind.to_name(), "cause": str(error)}}
            failure = FailureEvent(
                env=env,
                error_name=StatesErrorName(typ=kind),
                event_type=HistoryEventType.MapRunFailed,
                event_details=details,
            )
            raise FailureEventException(failure) from error

    return eval_body


def write_results() -> None:
    """moto's ResultWriter writes a manifest that names no files, for whichever Map began last."""

    def put_object(env: Environment, runtime_part: Any, credentials: Any) -> None:
        wanted = env.stack.pop()
        env.stack.pop()  # the children's outputs, which the files replace
        record = env.heap[RECORD]
        s3: Any = getattr(resource_eval_s3, CLIENT)(
            region=runtime_part.region, service="s3", state_credentials=credentials
        )
        folder = _folder(wanted.get("Prefix", ""), record)
        listed: dict[str, list[dict[str, Any]]] = {status: [] for status in _FILES}
        for status, text in _texts(record).items():
            key = f"{folder}/{status}_0.json"
            s3.put_object(Bucket=wanted["Bucket"], Key=key, Body=text.encode())
            listed[status].append({"Key": key, "Size": len(text.encode())})
        key = f"{folder}/manifest.json"
        manifest = {"DestinationBucket": wanted["Bucket"], "MapRunArn": record.map_run_arn, "ResultFiles": listed}
        s3.put_object(Bucket=wanted["Bucket"], Key=key, Body=json.dumps(manifest).encode())
        _count_written(record)
        details = {"Bucket": wanted["Bucket"], "Key": key}
        env.stack.append({"MapRunArn": record.map_run_arn, "ResultWriterDetails": details})

    replacing.replace(resource_eval_s3.ResourceEvalS3, "_handle_put_object", staticmethod(put_object))


def _folder(prefix: str, record: Any) -> str:
    run = record.map_run_arn.split(":")[-1]
    return f"{prefix.rstrip('/')}/{run}" if prefix else str(run)


def _count_written(record: Any) -> None:
    for counter in (record.item_counter, record.execution_counter):
        counter.results_written.offset(sum(bool(result.get("status")) for result in record.results))


def _texts(record: Any) -> dict[str, str]:
    found = {
        status: [_entry(result, record) for result in record.results if result.get("status") in statuses]
        for status, statuses in _FILES.items()
    }
    return {status: to_json_str(entries) for status, entries in found.items() if entries}


def _entry(result: dict[str, Any], record: Any) -> dict[str, Any]:
    entry = {
        "ExecutionArn": result.get("arn"),
        "Input": to_json_str(result.get("input")),
        "InputDetails": {"Included": True},
        "Name": result.get("name"),
        "StateMachineArn": record.map_state_machine_arn,
        "Status": result.get("status", "PENDING"),
    }
    if "output" in result:
        entry |= {"Output": to_json_str(result["output"]), "OutputDetails": {"Included": True}}
    if "error" in result:
        entry |= {"Error": result["error"], "Cause": result["cause"]}
    return entry
