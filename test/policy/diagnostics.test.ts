// biome-ignore-all lint/suspicious/noTemplateCurlyInString: IAM's variables look like template placeholders
import { readdirSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { describe, expect, test } from 'vitest'
import { renderDiagnostic, SourceTexts } from '../../src/diagnostics/index.ts'
import { parsePolicy } from '../../src/policy/parse.ts'
import type { PolicyUse } from '../../src/policy/parsed.ts'
import { locatedJson } from './located-json.ts'

/** `[code, underlined text]` for each diagnostic, in order. */
type Expected = readonly (readonly [code: string, underlined: string])[]

interface Case {
  readonly text: string
  readonly use?: PolicyUse
  /** Of what the policy is about. */
  readonly partition?: string
  readonly expect: Expected
}

const statementText = (elements: string) =>
  `{ "Version": "2012-10-17", "Statement": [\n  { "Effect": "Allow", ${elements} }\n] }`
/** One statement of an identity policy. */
const identity = (elements: string, expected: Expected): Case => ({
  text: statementText(elements),
  expect: expected,
})
const action = (value: string, expected: Expected): Case =>
  identity(`"Action": ${value}, "Resource": "*"`, expected)
const resource = (value: string, expected: Expected, use: PolicyUse = 'identity'): Case => ({
  text: statementText(
    `"Action": "s3:*", "Resource": ${value}${use === 'rcp' || use === 'resource' ? ', "Principal": "*"' : ''}`,
  ),
  use,
  expect: expected,
})
const condition = (value: string, expected: Expected): Case =>
  identity(`"Action": "s3:*", "Resource": "*", "Condition": ${value}`, expected)
const trust = (elements: string, expected: Expected): Case => ({
  text: statementText(elements),
  use: 'trust',
  expect: expected,
})
const principal = (value: string, expected: Expected): Case =>
  trust(`"Action": "sts:AssumeRole", "Principal": ${value}`, expected)

const good = '"Action": "s3:GetObject", "Resource": "*"'

const scenarios: Readonly<Record<string, Readonly<Record<string, Case>>>> = {
  document: {
    'not an object': { text: '"s3:*"', expect: [['policy.not-an-object', '"s3:*"']] },
    'a list': { text: '[]', expect: [['policy.not-an-object', '[]']] },
    'no statement': {
      text: '{ "Version": "2012-10-17" }',
      expect: [['policy.missing-element', '{ "Version": "2012-10-17" }']],
    },
    'an empty list of statements': {
      text: '{ "Version": "2012-10-17", "Statement": [] }',
      expect: [['policy.no-statement', '[]']],
    },
    'a statement that is a string': {
      text: '{ "Version": "2012-10-17", "Statement": "allow" }',
      expect: [['policy.wrong-type', '"allow"']],
    },
    'a list of strings for statements': {
      text: '{ "Version": "2012-10-17", "Statement": ["allow"] }',
      expect: [['policy.wrong-type', '"allow"']],
    },
    'a mistyped element': {
      text: `{ "version": "2012-10-17", "Statment": [], "Statement": { "Effect": "Allow", ${good} } }`,
      expect: [
        ['policy.unknown-element', '"version"'],
        ['policy.unknown-element', '"Statment"'],
      ],
    },
    "a statement's element at the top": {
      text: `{ "Version": "2012-10-17", "Effect": "Allow", "Statement": { "Effect": "Allow", ${good} } }`,
      expect: [['policy.unknown-element', '"Effect"']],
    },
    'an element that resembles none': {
      text: `{ "Version": "2012-10-17", "Comment": "x", "Statement": { "Effect": "Allow", ${good} } }`,
      expect: [['policy.unknown-element', '"Comment"']],
    },
    'a version that is none': {
      text: `{ "Version": "2012-10-18", "Statement": { "Effect": "Allow", ${good} } }`,
      expect: [['policy.version', '"2012-10-18"']],
    },
    'a version that is a number': {
      text: `{ "Version": 2012, "Statement": { "Effect": "Allow", ${good} } }`,
      expect: [['policy.version', '2012']],
    },
    'an Id in an identity policy': {
      text: `{ "Version": "2012-10-17", "Id": "x", "Statement": { "Effect": "Allow", ${good} } }`,
      expect: [['policy.element-not-allowed', '"Id"']],
    },
    'an Id that is a number': {
      text: `{ "Version": "2012-10-17", "Id": 7, "Statement": { "Effect": "Allow", ${good} } }`,
      expect: [['policy.wrong-type', '7']],
    },
    'several faults at once': {
      text: `{ "Version": "2012", "Statement": [\n  { "Effect": "allow", "Action": "s3", "Resource": "bucket" },\n  { "Efect": "Deny", "Action": [] }\n] }`,
      expect: [
        ['policy.version', '"2012"'],
        ['policy.effect', '"allow"'],
        ['policy.action-syntax', '"s3"'],
        ['policy.resource-not-arn', '"bucket"'],
        ['policy.unknown-element', '"Efect"'],
        ['policy.missing-element', '{ "Efect": "Deny", "Action": [] }'],
        ['policy.no-actions', '[]'],
        ['policy.missing-element', '{ "Efect": "Deny", "Action": [] }'],
      ],
    },
  },
  statement: {
    'no effect': {
      text: `{ "Version": "2012-10-17", "Statement": { ${good} } }`,
      expect: [['policy.missing-element', `{ ${good} }`]],
    },
    'an effect in other case': {
      text: `{ "Version": "2012-10-17", "Statement": { "Effect": "deny", ${good} } }`,
      expect: [['policy.effect', '"deny"']],
    },
    'an effect that resembles none': {
      text: `{ "Version": "2012-10-17", "Statement": { "Effect": "Permit", ${good} } }`,
      expect: [['policy.effect', '"Permit"']],
    },
    'an effect that is a boolean': {
      text: `{ "Version": "2012-10-17", "Statement": { "Effect": true, ${good} } }`,
      expect: [['policy.effect', 'true']],
    },
    'a mistyped element': identity(`${good}, "Conditions": {}`, [['policy.unknown-element', '"Conditions"']]),
    'an element that resembles none': identity(`${good}, "Comment": "x"`, [
      ['policy.unknown-element', '"Comment"'],
    ]),
    'neither action nor complement': identity('"Resource": "*"', [
      ['policy.missing-element', '{ "Effect": "Allow", "Resource": "*" }'],
    ]),
    'both action and complement': identity(`${good}, "NotAction": "s3:*"`, [
      ['policy.exclusive-elements', '"NotAction"'],
    ]),
    'neither resource nor complement': identity('"Action": "s3:*"', [
      ['policy.missing-element', '{ "Effect": "Allow", "Action": "s3:*" }'],
    ]),
    'both resource and complement': identity(`${good}, "NotResource": "*"`, [
      ['policy.exclusive-elements', '"NotResource"'],
    ]),
    'a principal in an identity policy': identity(`${good}, "Principal": "*"`, [
      ['policy.element-not-allowed', '"Principal"'],
    ]),
    'a principal in a service control policy': {
      text: statementText(`${good}, "NotPrincipal": "*"`),
      use: 'scp',
      expect: [['policy.element-not-allowed', '"NotPrincipal"']],
    },
    'no principal in a trust policy': trust('"Action": "sts:AssumeRole"', [
      ['policy.missing-element', '{ "Effect": "Allow", "Action": "sts:AssumeRole" }'],
    ]),
    'a NotPrincipal in a trust policy': trust(
      '"Action": "sts:AssumeRole", "NotPrincipal": { "AWS": "111122223333" }',
      [['policy.element-not-allowed', '"NotPrincipal"']],
    ),
    'a resource in a trust policy': trust('"Action": "sts:AssumeRole", "Principal": "*", "Resource": "*"', [
      ['policy.element-not-allowed', '"Resource"'],
    ]),
    'an action of another service in a trust policy': trust(
      '"Action": ["sts:AssumeRole", "s3:GetObject", "*"], "Principal": "*"',
      [
        ['policy.trust-action', '"s3:GetObject"'],
        ['policy.trust-action', '"*"'],
      ],
    ),
    'no principal in a resource policy': {
      text: statementText(good),
      use: 'resource',
      expect: [['policy.missing-element', `{ "Effect": "Allow", ${good} }`]],
    },
    'a resource control policy that allows some principals': {
      text: statementText('"NotAction": "s3:*", "Resource": "*", "Principal": { "AWS": "111122223333" }'),
      use: 'rcp',
      expect: [
        ['policy.rcp-effect', '"Allow"'],
        ['policy.rcp-principal', '{ "AWS": "111122223333" }'],
        ['policy.element-not-allowed', '"NotAction"'],
      ],
    },
    'a resource control policy about every action': {
      text: '{ "Version": "2012-10-17", "Statement": { "Effect": "Deny", "Principal": "*", "Action": "*", "Resource": "*" } }',
      use: 'rcp',
      expect: [['policy.rcp-action', '"*"']],
    },
    'a Sid with other characters': identity(`${good}, "Sid": "read-only access"`, [
      ['policy.sid-characters', '"read-only access"'],
    ]),
    'a Sid that is a number': identity(`${good}, "Sid": 1`, [['policy.wrong-type', '1']]),
    'a Sid twice': {
      text: `{ "Version": "2012-10-17", "Statement": [\n  { "Sid": "Read", "Effect": "Allow", ${good} },\n  { "Sid": "Read", "Effect": "Deny", ${good} }\n] }`,
      expect: [['policy.duplicate-sid', '"Read"']],
    },
  },
  actions: {
    'no prefix': action('"GetObject"', [['policy.action-syntax', '"GetObject"']]),
    'an empty string': action('""', [['policy.action-syntax', '""']]),
    'no name': action('"s3:"', [['policy.action-syntax', '"s3:"']]),
    'an empty prefix': action('":GetObject"', [['policy.action-syntax', '":GetObject"']]),
    'two colons': action('"s3:Get:Object"', [['policy.action-syntax', '"s3:Get:Object"']]),
    'a wildcard in the prefix': action('["s3:*", "*:Get*"]', [['policy.action-wildcard-prefix', '"*:Get*"']]),
    'white space': action('"s3:GetObject "', [['policy.action-syntax', '"s3:GetObject "']]),
    'a variable': action('"s3:${aws:username}"', [['policy.action-syntax', '"s3:${aws:username}"']]),
    'a character that no action has': action('"s3:Get/Object"', [
      ['policy.action-syntax', '"s3:Get/Object"'],
    ]),
    'an empty list': action('[]', [['policy.no-actions', '[]']]),
    'a list in a list': action('[["s3:*"]]', [['policy.wrong-type', '["s3:*"]']]),
    'an object': action('{}', [['policy.wrong-type', '{}']]),
    nothing: action('null', [['policy.wrong-type', 'null']]),
  },
  resources: {
    'a bucket by its name': resource('"acme-data"', [['policy.resource-not-arn', '"acme-data"']]),
    'an empty string': resource('""', [['policy.resource-not-arn', '""']]),
    'a pattern that is no ARN': resource('"*/x"', [['policy.resource-not-arn', '"*/x"']]),
    'too few segments in an identity policy': resource('"arn:aws:s3:acme"', [
      ['policy.resource-short-arn', '"arn:aws:s3:acme"'],
    ]),
    'too few segments in a resource policy': resource(
      '["arn:aws:s3:acme", "arn:aws:s3*"]',
      [['policy.resource-short-arn', '"arn:aws:s3:acme"']],
      'resource',
    ),
    'too few segments in a service control policy': resource(
      '["arn:aws:s3:acme", "arn:aws:s3*"]',
      [['policy.resource-short-arn', '"arn:aws:s3:acme"']],
      'scp',
    ),
    'characters that IAM does not store': resource('"arn:aws:s3:::名前/x"', [
      ['policy.characters', '"arn:aws:s3:::名前/x"'],
    ]),
    'a number': resource('7', [['policy.wrong-type', '7']]),
    'a list with a number': resource('["*", 7]', [['policy.wrong-type', '7']]),
    'an empty list': resource('[]', [['policy.no-resources', '[]']]),
    'an empty list in a resource policy': resource('[]', [['policy.empty-list', '[]']], 'resource'),
    'a partition that is none': resource('"arn:error:s3:::b"', [['policy.partition', '"arn:error:s3:::b"']]),
    'a partition that is open': resource('["arn:*:s3:::b", "arn:${aws:x}:s3:::b", "arn:aws-iso:s3:::b"]', []),
    'a region where ARNs have none': resource(
      '["arn:aws:iam:us-east-1:111122223333:role/x", "arn:aws:s3:eu-west-1::b"]',
      [
        ['policy.arn-region', '"arn:aws:iam:us-east-1:111122223333:role/x"'],
        ['policy.arn-region', '"arn:aws:s3:eu-west-1::b"'],
      ],
    ),
    'a region of an access point, or any': resource(
      '["arn:aws:s3:eu-west-1:111122223333:accesspoint/x", "arn:aws:iam:*:*:role/x"]',
      [],
    ),
    'what IAM does not have': resource('["arn:aws:iam:::b", "arn:aws:iam::*:u*", "arn:aws:iam::*:rolle/x"]', [
      ['policy.iam-resource', '"arn:aws:iam:::b"'],
      ['policy.iam-resource', '"arn:aws:iam::*:rolle/x"'],
    ]),
    'the same in a resource policy, which another service stores': resource(
      '"arn:aws:iam:::b"',
      [],
      'resource',
    ),
  },
  principals: {
    'an ARN without a kind': principal('"arn:aws:iam::111122223333:user/alice"', [
      ['policy.principal-syntax', '"arn:aws:iam::111122223333:user/alice"'],
    ]),
    'a service without a kind': principal('"lambda.amazonaws.com"', [
      ['policy.principal-syntax', '"lambda.amazonaws.com"'],
    ]),
    'a list': principal('["*"]', [['policy.principal-syntax', '["*"]']]),
    nobody: principal('{}', [['policy.empty-list', '{}']]),
    'an empty list': principal('{ "AWS": [] }', [['policy.empty-list', '[]']]),
    'a mistyped kind': principal('{ "Aws": "*", "Servce": "ec2.amazonaws.com" }', [
      ['policy.principal-kind', '"Aws"'],
      ['policy.principal-kind', '"Servce"'],
    ]),
    'a kind that resembles none': principal('{ "Everyone": "*" }', [['policy.principal-kind', '"Everyone"']]),
    "a user's name": principal('{ "AWS": "alice" }', [['policy.principal-not-arn', '"alice"']]),
    'an account id without its leading zero': principal('{ "AWS": "11122223333" }', [
      ['policy.principal-not-arn', '"11122223333"'],
    ]),
    'an account id that is a number': principal('{ "AWS": 111122223333 }', [
      ['policy.wrong-type', '111122223333'],
    ]),
    'a service under AWS': principal('{ "AWS": "ec2.amazonaws.com" }', [
      ['policy.principal-not-arn', '"ec2.amazonaws.com"'],
    ]),
    'something else under AWS': principal('{ "AWS": "https://x" }', [
      ['policy.principal-not-arn', '"https://x"'],
    ]),
    'a group': principal('{ "AWS": "arn:aws:iam::111122223333:group/admins" }', [
      ['policy.principal-kind-of-arn', '"arn:aws:iam::111122223333:group/admins"'],
    ]),
    'a provider under AWS': principal('{ "AWS": "arn:aws:iam::111122223333:saml-provider/corp" }', [
      ['policy.principal-kind-of-arn', '"arn:aws:iam::111122223333:saml-provider/corp"'],
    ]),
    'an account of too few digits': principal('{ "AWS": "arn:aws:iam::1234:role/deploy" }', [
      ['policy.principal-kind-of-arn', '"arn:aws:iam::1234:role/deploy"'],
    ]),
    'a bucket': principal('{ "AWS": "arn:aws:s3:::acme" }', [
      ['policy.principal-kind-of-arn', '"arn:aws:s3:::acme"'],
    ]),
    'a wildcard in an ARN': principal('{ "AWS": ["arn:aws:iam::111122223333:role/*"] }', [
      ['policy.principal-wildcard', '"arn:aws:iam::111122223333:role/*"'],
    ]),
    'every service': principal('{ "Service": "*" }', [['policy.principal-wildcard', '"*"']]),
    'a service by its short name': principal('{ "Service": "lambda" }', [
      ['policy.principal-service', '"lambda"'],
    ]),
    'a service that is none': principal('{ "Service": "a b" }', [['policy.principal-service', '"a b"']]),
    'a provider by its host name': principal('{ "Federated": "token.actions.githubusercontent.com" }', [
      ['policy.principal-federated', '"token.actions.githubusercontent.com"'],
    ]),
    'a provider that is none': principal('{ "Federated": "corp" }', [
      ['policy.principal-federated', '"corp"'],
    ]),
    'a canonical user in a trust policy': principal('{ "CanonicalUser": "x" }', [
      ['policy.principal-canonical-user', '"x"'],
    ]),
    'principals of another partition': {
      text: statementText(
        '"Action": "s3:*", "Resource": "*", "Principal": { "AWS": ["arn:aws:iam::111122223333:root", "arn:aws-cn:iam::111122223333:role/x", "111122223333"] }',
      ),
      use: 'resource',
      partition: 'aws-cn',
      expect: [['policy.principal-partition', '"arn:aws:iam::111122223333:root"']],
    },
    'a service of another partition': {
      text: statementText(
        `${good}, "Principal": { "Service": ["ec2.amazonaws.com", "ec2.amazonaws.com.cn"] }`,
      ),
      use: 'resource',
      partition: 'aws',
      expect: [['policy.principal-partition', '"ec2.amazonaws.com.cn"']],
    },
    'a canonical user that is none': {
      text: statementText(`${good}, "Principal": { "CanonicalUser": "x" }`),
      use: 'resource',
      expect: [['policy.principal-canonical-user', '"x"']],
    },
  },
  conditions: {
    'a list': condition('[]', [['policy.wrong-type', '[]']]),
    'an operator without keys': condition('{ "StringEquals": "x" }', [['policy.wrong-type', '"x"']]),
    'a mistyped operator': condition('{ "StringEqual": { "aws:username": "x" } }', [
      ['policy.unknown-operator', '"StringEqual"'],
    ]),
    'a mistyped operator with all about it': condition(
      '{ "ForAnyValues:StringEqualIfExists": { "aws:TagKeys": "x" } }',
      [['policy.unknown-operator', '"ForAnyValues:StringEqualIfExists"']],
    ),
    'a key for an operator': condition('{ "aws:username": "x" }', [
      ['policy.unknown-operator', '"aws:username"'],
    ]),
    'an operator that resembles none': condition('{ "Matches": { "aws:username": "x" } }', [
      ['policy.unknown-operator', '"Matches"'],
    ]),
    NullIfExists: condition('{ "NullIfExists": { "aws:username": "true" } }', [
      ['policy.null-if-exists', '"NullIfExists"'],
    ]),
    'an operator twice in other case': condition(
      '{ "Bool": { "aws:SecureTransport": true }, "bool": { "aws:ViaAWSService": true } }',
      [['policy.duplicate-operator', '"bool"']],
    ),
    'a key twice in other case': condition(
      '{ "StringEquals": {\n    "aws:username": "x",\n    "AWS:UserName": "y" } }',
      [['policy.duplicate-condition-key', '"AWS:UserName"']],
    ),
    'a key twice, first in other case': condition(
      '{ "StringEquals": { "AWS:username": "x", "aws:username": "y" } }',
      [['policy.duplicate-condition-key', '"aws:username"']],
    ),
    'a key without a prefix': condition('{ "StringEquals": { "username": "x" } }', [
      ['policy.condition-key-syntax', '"username"'],
    ]),
    'a key that is empty': condition('{ "StringEquals": { "": "x" } }', [
      ['policy.condition-key-syntax', '""'],
    ]),
    'a variable in a key': condition('{ "StringEquals": { "aws:ResourceTag/${aws:username}": "x" } }', [
      ['policy.variable-in-key', '"aws:ResourceTag/${aws:username}"'],
    ]),
    'characters that IAM does not store': condition('{ "StringEquals": { "aws:PrincipalTag/team": "🎉" } }', [
      ['policy.characters', '"🎉"'],
    ]),
    'no values': condition('{ "StringEquals": { "aws:username": [] } }', [['policy.empty-list', '[]']]),
    'a value that is nothing': condition('{ "StringEquals": { "aws:username": [null, {}] } }', [
      ['policy.wrong-type', 'null'],
      ['policy.wrong-type', '{}'],
    ]),
    'a number with too many digits': condition('{ "StringEquals": { "aws:userid": 12345678901234567890 } }', [
      ['policy.inexact-number', '12345678901234567890'],
    ]),
    'an account id that lost its zeros': condition(
      '{ "StringEquals": { "aws:SourceAccount": 1122223333 } }',
      [['policy.inexact-number', '1122223333']],
    ),
    'values that do not parse': condition(
      '{\n    "NumericEquals": { "s3:max-keys": "ten" },\n    "DateLessThan": { "aws:CurrentTime": "2026-02-30" },\n    "Bool": { "aws:SecureTransport": "yes" },\n    "BinaryEquals": { "a:b": "???" },\n    "IpAddress": { "aws:SourceIp": ["10.0.0.0/33", "10.0.0.0/8"] },\n    "ArnLike": { "aws:SourceArn": "*" },\n    "Null": { "aws:username": "maybe" } }',
      [
        ['policy.value-number', '"ten"'],
        ['policy.value-date', '"2026-02-30"'],
        ['policy.value-boolean', '"yes"'],
        ['policy.value-binary', '"???"'],
        ['policy.value-address', '"10.0.0.0/33"'],
        ['policy.value-arn', '"*"'],
        ['policy.value-boolean', '"maybe"'],
      ],
    ),
    'a variable where none is substituted': condition(
      '{ "NumericEquals": { "s3:max-keys": "${aws:username}" } }',
      [['policy.value-number', '"${aws:username}"']],
    ),
  },
  variables: {
    unclosed: resource('"arn:aws:s3:::acme/${aws:username"', [
      ['policy.variable-syntax', '"arn:aws:s3:::acme/${aws:username"'],
    ]),
    'without a name': condition('{ "StringLike": { "s3:prefix": "home/${}" } }', [
      ['policy.variable-syntax', '"home/${}"'],
    ]),
    'in a variable': condition('{ "StringLike": { "s3:prefix": "${aws:${x}}" } }', [
      ['policy.variable-syntax', '"${aws:${x}}"'],
    ]),
    'with a default without quotes': condition('{ "StringLike": { "s3:prefix": "${aws:username, none}" } }', [
      ['policy.variable-syntax', '"${aws:username, none}"'],
    ]),
    'of no service': resource('"arn:aws:s3:::${username}/${account}"', [
      ['policy.variable-unknown', '"arn:aws:s3:::${username}/${account}"'],
      ['policy.variable-unknown', '"arn:aws:s3:::${username}/${account}"'],
    ]),
    'without a version': {
      text: '{ "Statement": { "Effect": "Allow", "Action": "s3:*", "Resource": ["arn:aws:s3:::${aws:username}", "arn:aws:s3:::${x"] } }',
      expect: [['policy.variable-without-version', '"arn:aws:s3:::${aws:username}"']],
    },
  },
}

for (const [theme, cases] of Object.entries(scenarios))
  describe(theme, () => {
    const rendered: string[] = []
    for (const [name, { text, use = 'identity', partition = null, expect: expected }] of Object.entries(
      cases,
    )) {
      const { diagnostics } = parsePolicy(JSON.parse(text), locatedJson(text), use, 'validate', partition)
      const texts = new SourceTexts([['policy.json', text]])
      rendered.push(`# ${name}`, ...diagnostics.map((diagnostic) => renderDiagnostic(diagnostic, texts)), '')
      test(name, () => {
        expect(diagnostics.map(({ code, span }) => [code, span && text.slice(span.start, span.end)])).toEqual(
          expected,
        )
        for (const { message, help } of diagnostics) {
          expect(message).not.toMatch(/\.$/)
          expect(help).toMatch(/^[^\n]+$/)
        }
      })
    }
    test('reads well', async () => {
      await expect(`${rendered.join('\n')}\n`).toMatchFileSnapshot(`golden/${theme}.txt`)
    })
  })

test('every code of the room is shown by a case', () => {
  const room = fileURLToPath(new URL('../../src/policy', import.meta.url))
  const written = readdirSync(room).flatMap((file) =>
    [...readFileSync(`${room}/${file}`, 'utf8').matchAll(/code: ['`](policy\.[a-z-]+)(?=['`])/g)].map(
      ([, code]) => code,
    ),
  )
  const shown = new Set(
    Object.values(scenarios).flatMap((cases) =>
      Object.values(cases).flatMap((each) => each.expect.map(([code]) => code)),
    ),
  )
  // What is about whole entities has tests of its own.
  const elsewhere = ['policy.too-large', 'policy.managed-version']
  expect(written.filter((code = '') => !elsewhere.includes(code) && !shown.has(code))).toEqual([])
  expect(new Set(written).size).toBeGreaterThan(25)
})
