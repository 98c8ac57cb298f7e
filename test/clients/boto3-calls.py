# Drives a served account by boto3, and prints what it saw as JSON.
import json
import os
import sys
import urllib.parse

import boto3
import botocore.config
from botocore.exceptions import ClientError

endpoint = sys.argv[1]


def client(service, key=None, secret=None, token=None):
    return boto3.client(
        service,
        endpoint_url=endpoint,
        region_name="eu-west-1",
        aws_access_key_id=key or os.environ["AWS_ACCESS_KEY_ID"],
        aws_secret_access_key=secret or os.environ["AWS_SECRET_ACCESS_KEY"],
        aws_session_token=token,
        config=botocore.config.Config(retries={"total_max_attempts": 1}),
    )


def code(call, **given):
    try:
        call(**given)
        return "done"
    except ClientError as error:
        return error.response["Error"]["Code"]


iam = client("iam")
seen = {}
seen["root"] = client("sts").get_caller_identity()["Arn"]
user = iam.create_user(UserName="ada", Path="/team/", Tags=[{"Key": "k", "Value": "ü +&"[:3]}])["User"]
seen["user"] = [user["Arn"], user["Tags"][0]["Value"]]
seen["again"] = code(iam.create_user, UserName="ADA")
key = iam.create_access_key(UserName="ada")["AccessKey"]
ada = client("iam", key["AccessKeyId"], key["SecretAccessKey"])
seen["identity"] = client("sts", key["AccessKeyId"], key["SecretAccessKey"]).get_caller_identity()["Arn"]
seen["denied"] = code(ada.get_user)
document = json.dumps(
    {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": ["iam:GetUser", "sts:AssumeRole"], "Resource": "*"}]}
)
iam.put_user_policy(UserName="ada", PolicyName="own", PolicyDocument=document)
seen["allowed"] = ada.get_user()["User"]["UserName"]
seen["policy"] = iam.get_user_policy(UserName="ada", PolicyName="own")["PolicyDocument"] == json.loads(document)
trust = json.dumps(
    {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Principal": {"AWS": user["Arn"]}, "Action": "sts:AssumeRole"}]}
)
role = iam.create_role(RoleName="deploy", AssumeRolePolicyDocument=trust)["Role"]
iam.put_role_policy(RoleName="deploy", PolicyName="list", PolicyDocument=document.replace("iam:GetUser", "iam:ListUsers"))
session = client("sts", key["AccessKeyId"], key["SecretAccessKey"]).assume_role(RoleArn=role["Arn"], RoleSessionName="s-1")["Credentials"]
assumed = client("iam", session["AccessKeyId"], session["SecretAccessKey"], session["SessionToken"])
seen["assumed"] = [u["UserName"] for u in assumed.list_users()["Users"]]
seen["assumedDenied"] = code(assumed.list_roles)
seen["stolenToken"] = code(client("iam", session["AccessKeyId"], session["SecretAccessKey"]).list_users)
for number in range(5):
    iam.create_group(GroupName=f"g{number}")
seen["groups"] = [g["GroupName"] for page in iam.get_paginator("list_groups").paginate(PaginationConfig={"PageSize": 2}) for g in page["Groups"]]
seen["wrongSecret"] = code(client("iam", key["AccessKeyId"], "x").get_user)
iam.update_access_key(UserName="ada", AccessKeyId=key["AccessKeyId"], Status="Inactive")
seen["inactive"] = code(ada.get_user)
seen["leftOut"] = code(iam.list_delegation_requests)
seen["conflict"] = code(iam.delete_user, UserName="ada")
seen["invalid"] = code(iam.create_role, RoleName="r", AssumeRolePolicyDocument="{", MaxSessionDuration=3600)
print(json.dumps(seen))
