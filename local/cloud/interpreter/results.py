"""What a Distributed Map's ResultWriter puts into the bucket."""

import json
from typing import Any

from moto.stepfunctions.parser.asl.component.state.exec.state_map.result_writer.resource_eval import resource_eval_s3
from moto.stepfunctions.parser.asl.eval.environment import Environment
from moto.stepfunctions.parser.asl.utils.encoding import to_json_str

from local.cloud.interpreter.clients import CLIENT
from local.cloud.interpreter.maps import RECORD
from local.cloud.replacing import replace

_FILES = {"SUCCEEDED": ("SUCCEEDED",), "FAILED": ("FAILED", "TIMED_OUT"), "PENDING": ("ABORTED", None)}


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

    replace(resource_eval_s3.ResourceEvalS3, "_handle_put_object", staticmethod(put_object))


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
