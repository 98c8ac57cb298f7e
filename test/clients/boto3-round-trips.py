# What boto3's clients send of given inputs, and read out of given answers: a case a line on stdin, what came of it a line on stdout.
import base64
import datetime
import json
import sys

import boto3
import botocore.awsrequest
import botocore.config
import botocore.handlers
from botocore.exceptions import ClientError

CONFIG = botocore.config.Config(parameter_validation=False, retries={"total_max_attempts": 1})


class Raw:
    """A body that was read as a whole."""

    def __init__(self, body):
        self.body = body

    def stream(self, **_):
        yield self.body


class Wire:
    """In the place of a connection."""

    def __init__(self):
        self.answer = (200, b"<a/>")
        self.sent = None

    def send(self, request, **_):
        body = request.body
        self.sent = body.decode() if isinstance(body, bytes) else body
        status, body = self.answer
        headers = {"x-amzn-requestid": "r-1", "content-type": "text/xml"}
        return botocore.awsrequest.AWSResponse(request.url, status, headers, Raw(body))


WIRE = Wire()


def client(service):
    made = boto3.client(
        service,
        region_name="us-east-1",
        endpoint_url="http://127.0.0.1:9",
        aws_access_key_id="AKIAIOSFODNN7EXAMPLE",
        aws_secret_access_key="example",
        config=CONFIG,
    )
    made.meta.events.register(f"before-send.{service}", WIRE.send)
    # Documents in answers are JSON to it: what is random is none.
    made.meta.events.unregister(f"after-call.{service}", botocore.handlers.json_decode_policies)
    return made


CLIENTS = {service: client(service) for service in ("iam", "sts")}


def untagged(value):
    if isinstance(value, list):
        return [untagged(item) for item in value]
    if isinstance(value, dict):
        if "$time" in value:
            return datetime.datetime.fromtimestamp(value["$time"], datetime.timezone.utc)
        if "$blob" in value:
            return base64.b64decode(value["$blob"])
        return {key: untagged(item) for key, item in value.items()}
    return value


def tagged(value):
    if isinstance(value, list):
        return [tagged(item) for item in value]
    if isinstance(value, dict):
        return {key: tagged(item) for key, item in value.items()}
    if isinstance(value, datetime.datetime):
        return {"$time": int(value.timestamp())}
    if isinstance(value, bytes):
        return {"$blob": base64.b64encode(value).decode()}
    return value


def known(shape, value):
    """What of a value this version of the client has members for."""
    if shape is None:
        return {}
    if shape.type_name == "structure":
        return {name: known(shape.members[name], item) for name, item in value.items() if name in shape.members}
    if shape.type_name == "list":
        return [known(shape.member, item) for item in value]
    if shape.type_name == "map":
        return {key: known(shape.value, item) for key, item in value.items()}
    return value


def called(service, method, given):
    answer = getattr(CLIENTS[service], method)(**given)
    answer.pop("ResponseMetadata")
    return answer


def result(case):
    made = CLIENTS[case["service"]]
    names = {operation: method for method, operation in made.meta.method_to_api_mapping.items()}
    if case["operation"] not in names:
        return None
    method = names[case["operation"]]
    model = made.meta.service_model.operation_model(case["operation"])
    if "input" in case:
        given = known(model.input_shape, case["input"])
        WIRE.answer = (200, case["xml"].encode())
        called(case["service"], method, untagged(given))
        return {"known": given, "body": WIRE.sent}
    if "output" in case:
        WIRE.answer = (200, case["xml"].encode())
        return {"known": known(model.output_shape, case["output"]), "read": tagged(called(case["service"], method, {}))}
    WIRE.answer = (case["status"], case["xml"].encode())
    try:
        called(case["service"], method, {})
        return {"thrown": None}
    except ClientError as error:
        said = error.response
        return {
            "thrown": type(error).__name__,
            "code": said["Error"]["Code"],
            "message": said["Error"]["Message"],
            "status": said["ResponseMetadata"]["HTTPStatusCode"],
            "requestId": said["ResponseMetadata"]["RequestId"],
            # The codes that its model has a class of their own for.
            "modelled": case["code"] in made.meta.service_model.shape_names
            or any(shape.error_code == case["code"] for shape in made.meta.service_model.error_shapes),
        }


for line in sys.stdin:
    print(json.dumps(result(json.loads(line))))
