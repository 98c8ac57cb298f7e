#!/bin/sh
set -eu

# production (111122223333), plan sha256:0000000000000000000000000000000000000000000000000000000000000000

# + role deploy
aws iam create-role --role-name deploy --assume-role-policy-document '{"Version":"2012-10-17","Statement":{"Sid":"Ci","Effect":"Allow","Principal":{"Service":"codebuild.amazonaws.com"},"Action":"sts:AssumeRole"}}'

# ~ user alice
aws iam update-user --user-name alice --new-path /engineering/
aws iam add-user-to-group --user-name alice --group-name developers

# ± policy payments
aws iam delete-policy --policy-arn arn:aws:iam::111122223333:policy/payments

# ~ password policy
aws iam update-account-password-policy --require-symbols

# - user bob
aws iam delete-user --user-name bob