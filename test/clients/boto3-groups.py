# Makes groups by boto3, each with an inline policy, and prints how many.
import json
import sys

import boto3
import botocore.config

endpoint, prefix, many = sys.argv[1], sys.argv[2], int(sys.argv[3])
iam = boto3.client("iam", endpoint_url=endpoint, region_name="us-east-1", config=botocore.config.Config(retries={"total_max_attempts": 1}))
document = json.dumps({"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "s3:GetObject", "Resource": "*"}]})
for number in range(many):
    iam.create_group(GroupName=f"{prefix}{number}")
    iam.put_group_policy(GroupName=f"{prefix}{number}", PolicyName="own", PolicyDocument=document)
print(many)
