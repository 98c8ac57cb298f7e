# What `terraform show -json` prints of the plan from this to the other stands in ../after/plan.json.
resource "aws_iam_role_policy" "site" {
  role = "deploy"
  name = "site"
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{ Sid = "Site", Effect = "Allow", Action = "s3:PutObject", Resource = "arn:aws:s3:::acme-site/*" }]
  })
}
