// biome-ignore-all lint/suspicious/noTemplateCurlyInString: IAM variables
import { expect, test } from 'vitest'
import { loadKnownNames } from '../../src/catalog/known-names.ts'
import { keyProblem } from '../../src/checks/names/keys/key-names.ts'
import { valueProblem } from '../../src/checks/names/keys/value-kinds.ts'
import { variableProblem } from '../../src/checks/names/keys/variable-names.ts'
import { originAccessIdentityProblem } from '../../src/checks/names/principals/origin-access-identities.ts'
import { providerProblem } from '../../src/checks/names/principals/provider-names.ts'
import { servicePrincipalProblem } from '../../src/checks/names/principals/service-principal-names.ts'

const GITHUB = 'token.actions.githubusercontent.com'

/** Values as people write them on purpose, by their key. */
const FINE: Readonly<Record<string, readonly string[]>> = {
  [`${GITHUB}:sub`]: [
    '*',
    'repo:*',
    'repo:acme/*',
    'repo:acme-*/infra:*',
    'repo:acme*',
    'repo:acme/infra',
    'repo:acme/infra*',
    'repo:acme/infra:*',
    'repo:acme/infra:ref:*',
    'repo:acme/infra:re*',
    'repo:acme/infra:ref:refs/heads/main',
    'repo:acme/infra:ref:refs/tags/v*',
    'repo:acme/infra:pull_request',
    'repo:acme/infra:environment:prod',
    'repo:acme@123/infra@456:environment:prod',
    'repo:acme/infra:job_workflow_ref:acme/x/.github/workflows/y.yml@refs/heads/main',
    'repo:${aws:PrincipalTag/org}/infra:*',
    'repo:acme/${aws:PrincipalTag/repo}:ref:refs/heads/main',
    'repository_owner:acme:environment:prod',
    'repository_id:1:environment:prod',
    'environment:prod:repo:acme/infra',
    'rep?:acme/infra:*',
  ],
  [`${GITHUB}:aud`]: ['sts.amazonaws.com', 'sts.amazonaws.com.cn', 'https://github.com/acme', 'acme'],
  'oidc.eks.eu-west-1.amazonaws.com/id/ABC:aud': ['sts.amazonaws.com'],
  'aws:PrincipalArn': [
    '*',
    'arn:*',
    'arn:aws:iam::*:root',
    'arn:*:iam::*:role/*',
    'arn:aws:iam::111122223333:role/admin',
    'arn:aws:iam::111122223333:*',
    'arn:aws:iam::${aws:PrincipalAccount}:user/x/*',
    'arn:aws:sts::111122223333:assumed-role/admin/*',
    'arn:aws:sts::111122223333:federated-user/x',
    'arn:aws:*::111122223333:r*',
  ],
  'aws:PrincipalOrgPaths': [
    '*',
    'o-a1b2c3d4e5/*',
    '*/ou-ab12-11111111/*',
    'o-a1b2c3d4e5/r-ab12/ou-ab12-1111*',
    'o-a1b2c3d4e5/r-ab12/ou-ab12-11111111/ou-ab12-22222222/',
    '${aws:PrincipalOrgID}/r-ab12/*',
  ],
  'aws:SourceArn': [
    'arn:aws:s3:::bucket',
    'arn:aws:s3:::bucket/*',
    'arn:aws:sns:eu-west-1:111122223333:topic',
    'arn:aws:ses:eu-west-1:111122223333:receipt-rule-set/a:receipt-rule/b',
    'arn:aws:logs:eu-west-1:111122223333:*',
    'arn:aws:cloudtrail:eu-west-1:111122223333:trail/t',
    'arn:aws:events:eu-west-1:111122223333:rule/r',
    'arn:aws:apigateway:eu-west-1::/restapis/x',
    'arn:aws:execute-api:eu-west-1:111122223333:abc/*/GET/x',
    'arn:aws:iam::111122223333:root',
    'arn:aws:budgets::111122223333:*',
    'arn:*:*:*:111122223333:*',
  ],
  'iam:PolicyARN': [
    'arn:aws:iam::aws:policy/AdministratorAccess',
    'arn:aws:iam::aws:policy/service-role/*',
    'arn:aws:iam::aws:policy/*',
    'arn:aws:iam::*:policy/x',
    'arn:aws:iam::111122223333:policy/x',
    'arn:aws:iam::aws:policy/job-function/ViewOnlyAccess',
  ],
}

test('values that are meant so are taken for no slip', async () => {
  const known = await loadKnownNames()
  const told = Object.entries(FINE).flatMap(([key, values]) =>
    values.flatMap((value) => {
      const problem =
        keyProblem(key, known) ??
        variableProblem(value, known) ??
        valueProblem('StringLike', key, value, known)
      return problem === null ? [] : [`${key} ${value}: ${problem.message}`]
    }),
  )
  expect(told).toEqual([])
})

test('hosts of one’s own resemble no known provider', () => {
  for (const host of [
    GITHUB,
    `${GITHUB}/acme`,
    'arn:aws:iam::111122223333:oidc-provider/gitlab.acme.example',
    'github.com',
    'oidc.eks.eu-west-1.amazonaws.com/id/ABC',
    'acme.okta.com',
    'login.microsoftonline.com',
    'cognito-identity.amazonaws.com',
  ])
    expect(providerProblem(host), host).toBeNull()
  expect(providerProblem('token.action.githubusercontent.com')?.help).toBe(`did you mean \`${GITHUB}\`?`)
})

test('origin access identities of CloudFront, and what was meant to be one', () => {
  const user = 'arn:aws:iam::cloudfront:user/'
  expect(originAccessIdentityProblem(`${user}CloudFront Origin Access Identity E1ABCDEF2GHIJK`)).toBeNull()
  expect(originAccessIdentityProblem('arn:aws:iam::111122223333:user/CloudFront')).toBeNull()
  for (const slip of [
    'CloudFront Origin Access Identit E1ABCDEF2GHIJK',
    'CloudFront Origin Access Identity/E1ABCDEF2GHIJK',
    'Cloudfront Origin Access Identity E1ABCDEF2GHIJK',
  ])
    expect(originAccessIdentityProblem(`${user}${slip}`)?.help, slip).toBe(
      `did you mean \`${user}CloudFront Origin Access Identity E1ABCDEF2GHIJK\`?`,
    )
  expect(originAccessIdentityProblem(`${user}E1ABCDEF2GHIJK`)?.help).toBe(
    `write \`${user}CloudFront Origin Access Identity E…\`, with the identity's id`,
  )
})

// Each in the guide of its service, where a role or a resource policy names it
test('service principals that there are', async () => {
  const known = await loadKnownNames()
  for (const service of [
    'osis-pipelines',
    'credentials.iot',
    'credentials.deadline',
    'pods.eks',
    'datazone',
    'chatbot',
  ])
    expect(servicePrincipalProblem(`${service}.amazonaws.com`, known), service).toBeNull()
  expect(servicePrincipalProblem('osis-pipeline.amazonaws.com', known)?.help).toBe(
    'did you mean `osis-pipelines.amazonaws.com`?',
  )
})
