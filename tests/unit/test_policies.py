"""IAM evaluation: whether a role's policies grant what a request takes."""

from urllib.parse import urlencode

import pytest
from policy_requests import ACCOUNT, FRAMES, REGION, ROLE, allow, book_with, call, deny, form, request

from local.policies import SignedRequest


def test_a_refusal_reads_as_the_account_would_word_it():
    book = book_with(allow("s3:GetObject", FRAMES))

    denial = book.check(request(book, "s3", "PUT", "/studio/jobs/1"))

    assert denial.message == (
        "User: arn:aws:sts::123456789012:assumed-role/StylizeFrameRole/rotoscope-local is not authorized to perform: "
        "s3:PutObject on resource: arn:aws:s3:::studio/jobs/1 "
        "because no identity-based policy allows the s3:PutObject action"
    )


def test_an_explicit_deny_wins_and_says_so():
    book = book_with(allow("s3:*"), deny("s3:Put*", FRAMES))

    denial = book.check(request(book, "s3", "PUT", "/studio/jobs/1"))

    assert denial.message.endswith("because of an explicit deny in an identity-based policy")
    assert book.check(request(book, "s3", "PUT", "/studio/results/1")) is None


@pytest.mark.parametrize(
    ("statement", "action", "resource", "allowed"),
    [
        ({"Action": "s3:Get*", "Resource": "*"}, "s3:GetObject", "arn:aws:s3:::b/k", True),
        ({"Action": "S3:getobject", "Resource": "*"}, "s3:GetObject", "arn:aws:s3:::b/k", True),
        ({"Action": ["a:B", "s3:?etObject"], "Resource": "*"}, "s3:GetObject", "arn:aws:s3:::b/k", True),
        ({"Action": "s3:GetObject", "Resource": "arn:aws:s3:::b/*"}, "s3:GetObject", "arn:aws:s3:::b/x/y", True),
        ({"Action": "s3:GetObject", "Resource": "arn:aws:s3:::b/*"}, "s3:GetObject", "arn:aws:s3:::B/x", False),
        ({"Action": "s3:GetObject", "Resource": "arn:aws:s3:::b/[x]"}, "s3:GetObject", "arn:aws:s3:::b/x", False),
        ({"Action": "s3:GetObject", "Resource": "arn:aws:s3:::b"}, "s3:GetObject", "arn:aws:s3:::b/x", False),
        ({"Action": "x:Y", "Resource": "arn:aws:x:*:1:z"}, "x:Y", "arn:aws:x:r:1:z", True),
        ({"Action": "x:Y", "Resource": "arn:aws:x:*:z"}, "x:Y", "arn:aws:x:r:1:z", False),
        ({"Action": "x:Y", "Resource": "arn:aws:x:*:1:z"}, "x:Y", "arn:aws:x:r:2:1:z", False),
        ({"NotAction": "s3:Delete*", "Resource": "*"}, "s3:GetObject", "arn:aws:s3:::b/k", True),
        ({"NotAction": "s3:Delete*", "Resource": "*"}, "s3:DeleteObject", "arn:aws:s3:::b/k", False),
        ({"Action": "*", "NotResource": "arn:aws:s3:::b/*"}, "s3:GetObject", "arn:aws:s3:::c/k", True),
        ({"Action": "*", "NotResource": "arn:aws:s3:::b/*"}, "s3:GetObject", "arn:aws:s3:::b/k", False),
        (
            {"Action": "*", "Resource": "arn:aws:s3:::b/${aws:PrincipalAccount}"},
            "s:G",
            f"arn:aws:s3:::b/{ACCOUNT}",
            True,
        ),
        ({"Action": "s3:GetObject", "Resource": "*", "Principal": "*"}, "s3:GetObject", "arn:aws:s3:::b/k", False),
        ({"Action": "s3:GetObject", "Resource": "arn:aws:s3:::${x:y}"}, "s3:GetObject", "arn:aws:s3:::b", False),
        ({"Action": "s3:GetObject"}, "s3:GetObject", "arn:aws:s3:::b", False),
    ],
)
def test_a_statement_covers_what_its_actions_and_resources_name(statement, action, resource, allowed):
    book = book_with({"Statement": [{"Effect": "Allow"} | statement]})

    assert book.allows(ROLE, action, resource, {}) is allowed


@pytest.mark.parametrize(
    ("condition", "context", "met"),
    [
        ({"StringEquals": {"k:a": "x"}}, {"k:a": "x"}, True),
        ({"StringEquals": {"k:a": ["w", "x"]}}, {"K:A": "x"}, True),
        ({"StringEquals": {"k:a": "X"}}, {"k:a": "x"}, False),
        ({"StringEquals": {"k:a": "x*"}}, {"k:a": "xy"}, False),
        ({"StringEquals": {"k:a": "x"}}, {}, False),
        ({"StringEquals": {"k:a": "x", "k:b": "y"}}, {"k:a": "x"}, False),
        ({"StringEqualsIfExists": {"k:a": "x"}}, {}, True),
        ({"StringEqualsIfExists": {"k:a": "x"}}, {"k:a": "y"}, False),
        ({"StringEqualsIgnoreCase": {"k:a": "X"}}, {"k:a": "x"}, True),
        ({"StringNotEquals": {"k:a": ["x", "y"]}}, {"k:a": "y"}, False),
        ({"StringNotEquals": {"k:a": "x"}}, {}, True),
        ({"StringLike": {"k:a": "jobs/*"}}, {"k:a": "jobs/1"}, True),
        ({"StringNotLike": {"k:a": "jobs/*"}}, {"k:a": "jobs/1"}, False),
        ({"StringLike": {"k:a": "${aws:PrincipalAccount}/*"}}, {"k:a": f"{ACCOUNT}/1"}, True),
        ({"ArnEquals": {"k:a": "arn:aws:s3:::b*"}}, {"k:a": "arn:aws:s3:::bc"}, True),
        ({"ArnLike": {"k:a": "arn:aws:*:x"}}, {"k:a": "arn:aws:sns:r:1:x"}, False),
        ({"ArnNotLike": {"k:a": "arn:aws:sns:*:*:x"}}, {"k:a": "arn:aws:sns:r:1:x"}, False),
        ({"Bool": {"aws:SecureTransport": "true"}}, {}, True),
        ({"Bool": {"aws:SecureTransport": False}}, {}, False),
        ({"NumericLessThan": {"k:n": "10"}}, {"k:n": "9"}, True),
        ({"NumericLessThan": {"k:n": "10"}}, {"k:n": "10"}, False),
        ({"NumericLessThanEquals": {"k:n": 10}}, {"k:n": "10"}, True),
        ({"NumericGreaterThan": {"k:n": "10"}}, {"k:n": "9"}, False),
        ({"NumericNotEquals": {"k:n": "10"}}, {"k:n": "10.0"}, False),
        ({"NumericLessThan": {"k:n": "ten"}}, {"k:n": "9"}, False),
        ({"DateGreaterThan": {"aws:CurrentTime": "2020-01-01T00:00:00Z"}}, {}, True),
        ({"DateLessThan": {"aws:CurrentTime": "2020-01-01"}}, {}, False),
        ({"Null": {"k:a": "true"}}, {}, True),
        ({"Null": {"k:a": "false"}}, {}, False),
        ({"Null": {"k:a": False}}, {"k:a": "x"}, True),
        ({"ForAllValues:StringEquals": {"k:t": ["a", "b"]}}, {"k:t": ["a", "b"]}, True),
        ({"ForAllValues:StringEquals": {"k:t": ["a"]}}, {"k:t": ["a", "b"]}, False),
        ({"ForAllValues:StringEquals": {"k:t": ["a"]}}, {}, True),
        ({"ForAnyValue:StringEquals": {"k:t": ["a"]}}, {"k:t": ["a", "b"]}, True),
        ({"ForAnyValue:StringEqualsIfExists": {"k:t": ["a"]}}, {}, False),
        ({"StringResembles": {"k:a": "x"}}, {"k:a": "x"}, False),
        ({"ForSomeValues:StringEquals": {"k:a": "x"}}, {"k:a": "x"}, False),
    ],
)
def test_a_condition_holds_as_iam_documents(condition, context, met):
    book = book_with(allow("x:Y", Condition=condition))

    assert book.allows(ROLE, "x:Y", "*", context) is met


def test_listing_can_be_limited_to_a_prefix():
    book = book_with(allow("s3:ListBucket", "arn:aws:s3:::studio", Condition={"StringLike": {"s3:prefix": "jobs/*"}}))

    inside = book.check(request(book, "s3", "GET", "/studio", "list-type=2&prefix=jobs%2F7%2F"))
    elsewhere = book.check(request(book, "s3", "GET", "/studio", "list-type=2"))

    assert inside is None
    assert elsewhere.action == "s3:ListBucket"


def test_what_a_deny_says_is_never_passed_over_because_it_is_not_understood():
    condition = {"IpAddress": {"aws:SourceIp": "10.0.0.0/8"}}
    book = book_with(allow("s3:*"), deny("s3:*", Condition=condition))

    denial = book.check(request(book, "s3", "GET", "/studio/k"))

    assert "does not know the condition operator IpAddress" in denial.message


@pytest.mark.parametrize(
    ("make", "arguments", "named"),
    [
        (request, ("s3", "POST", "/studio/k", "restore"), "s3 POST restore"),
        (request, ("s3", "PUT", "/studio", "policy"), "s3 PUT policy"),
        (request, ("s3", "POST", "/studio", "delete", b"no xml"), "syntax error"),
        (request, ("quantum", "GET", "/"), "the service quantum"),
        (request, ("bedrock", "POST", "/model/eu.stability.x-v1%3A0/flog"), "bedrock POST /model"),
        (request, ("lambda", "DELETE", "/2015-03-31/functions/F"), "lambda DELETE"),
        (call, ("states", "AWSStepFunctions.DeleteStateMachine"), "states:DeleteStateMachine"),
        (call, ("dynamodb", "DynamoDB_20120810.PutItem"), "PutItem without TableName"),
        (form, ("sts",), "without an action"),
    ],
)
def test_a_request_of_unknown_shape_is_denied_and_named(make, arguments, named):
    book = book_with(allow("*"))

    denial = book.check(make(book, *arguments))

    assert named in denial.message


def test_a_request_that_names_no_region_is_denied():
    book = book_with(allow("*"))
    key = book.credentials_for(ROLE).access_key_id

    denial = book.check(SignedRequest(key, "s3", "GET", "/b/k", "", {"Host": "localhost"}, b""))

    assert "names no Region" in denial.message


def test_a_presigned_url_is_judged_by_the_role_that_signed_it():
    book = book_with(allow("s3:GetObject", FRAMES))
    key = book.credentials_for(ROLE).access_key_id
    query = urlencode(
        {"X-Amz-Algorithm": "AWS4-HMAC-SHA256", "X-Amz-Credential": f"{key}/20261120/{REGION}/s3/aws4_request"}
    )

    def check(path):
        return book.check(SignedRequest(key, "s3", "GET", path, query, {"Host": "localhost"}, b""))

    assert check("/studio/jobs/1") is None
    assert check("/studio/results/1").action == "s3:GetObject"


def test_the_developer_may_do_everything_and_a_removed_role_nothing():
    book = book_with(allow("*"))
    developer = SignedRequest("AKIADEVELOPER", "quantum", "GET", "/", "", {}, b"")
    book.remove_role(ROLE)

    assert book.check(developer) is None
    assert "security token" in book.check(request(book, "s3", "GET", "/b/k")).message
    assert not book.allows(ROLE, "s3:GetObject", "*", {})


def test_anybody_may_ask_who_they_are():
    book = book_with()

    assert book.check(form(book, "sts", Action="GetCallerIdentity")) is None


def test_a_role_has_one_set_of_credentials_and_its_newest_policies():
    book = book_with(allow("s3:GetObject"))
    credentials = book.credentials_for(ROLE)

    book.put_role(ROLE, [allow("s3:PutObject")])

    assert book.credentials_for(ROLE) == credentials
    assert book.check(request(book, "s3", "PUT", "/b/k")) is None
    assert book.check(request(book, "s3", "GET", "/b/k")).action == "s3:GetObject"
