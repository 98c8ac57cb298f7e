// biome-ignore-all lint/suspicious/noTemplateCurlyInString: expansions of a shell
import { execFile, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { promisify } from 'node:util'
import { describe, expect, test } from 'vitest'
import { declaredState } from '../../../src/checks/declared-state.ts'
import { errorOf, SourceTexts } from '../../../src/diagnostics/index.ts'
import { MANIFEST_KINDS } from '../../../src/kinds/manifest.ts'
import { REPORT_KINDS } from '../../../src/kinds/report.ts'
import { declarationsOf } from '../../../src/manifest/declarations.ts'
import type { Plan } from '../../../src/plan/plan.ts'
import { awsCommand } from '../../../src/report/aws-cli/aws-command.ts'
import { awsCli } from '../../../src/report/formats/aws-cli.ts'
import { blueprintPair, desiredOf } from '../../arbitraries/state.ts'
import fc from '../../fixed-seed.ts'
import { planFor } from '../../reconcile/world.ts'
import { fullPlan } from '../samples.ts'
import { callOf, recorded } from './recorded.ts'

const scriptOf = (plan: Plan, diagnostics: Parameters<typeof awsCli.render>[1]['diagnostics'] = []) =>
  awsCli.render(
    { type: 'plan', plans: [{ plan, tests: [], access: null }] },
    {
      diagnostics,
      kinds: REPORT_KINDS,
      texts: new SourceTexts(),
      options: { color: false },
      layout: 'whole',
    },
  ) ?? ''

/** What whoever runs a script takes for a password. */
const GIVEN = 'correct horse'

const callsOf = ({ steps }: Plan) => steps.map(({ operation, input }) => ({ operation, input }))

const HOSTILE = [
  "it's",
  '"',
  '$HOME',
  '$(touch x)',
  '`id`',
  '\\',
  '\\\\\'"',
  'a\nb',
  '\r\n',
  '\t',
  ' ',
  '',
  '#no comment',
  '; rm -rf /',
  '&& x',
  '| y',
  '!!',
  '~',
  '*',
  '--flag',
  '-x',
  'file:///etc/passwd',
  'fileb://x',
  'https://example.com/',
  '{"a":1}',
  '[1]',
  '\u200b',
  '\u202e',
  '\u0007',
  '\ud800',
  'é漢🙂',
  "$'x'",
  '${X:?}',
  '%s%n',
  '\u2028',
]
const hostile = fc.oneof(
  fc.constantFrom(...HOSTILE),
  fc.array(fc.constantFrom(...HOSTILE), { maxLength: 4 }).map((parts) => parts.join('')),
  fc.string({ unit: 'binary', maxLength: 12 }).map((text) => text.replaceAll('\0', '')),
)

describe('a plan as calls of the AWS CLI', () => {
  test('the shell hands over what the steps have, for random plans', () => {
    fc.assert(
      fc.property(blueprintPair(), ([start, goal]) => {
        const before = desiredOf(start)
        const { plan } = planFor(
          desiredOf(goal),
          declaredState(before),
          declarationsOf(before, MANIFEST_KINDS.entities),
        )
        const { code, err, calls } = recorded(scriptOf(plan), { SECRET_PASSWORD: GIVEN })
        expect([code, err]).toEqual([0, ''])
        const expected = JSON.stringify(callsOf(plan)).replaceAll('{"generate":"password"}', `"${GIVEN}"`)
        expect(calls.map(callOf)).toEqual(JSON.parse(expected))
      }),
      { numRuns: 12 },
    )
  })

  test('the same for names and texts that are made to break out', () => {
    const step = fc.record({
      UserName: hostile,
      Path: hostile,
      Tags: fc.array(fc.record({ Key: hostile, Value: hostile }), { maxLength: 2 }),
    })
    fc.assert(
      fc.property(fc.array(step, { minLength: 4, maxLength: 12 }), hostile, (inputs, name) => {
        const steps = inputs.map((input) => ({
          operation: 'CreateUser' as const,
          input,
          needs: [],
          effects: [],
        }))
        const plan: Plan = {
          ...fullPlan,
          account: { id: '111122223333', name },
          changes: fullPlan.changes
            .slice(0, 1)
            .map((change) => ({ ...change, name, steps: steps.map((_, at) => at) })),
          steps,
        }
        const script = scriptOf(plan)
        // However a terminal or a file shows it: a call a line.
        expect(script.split('\n').filter((line) => line.startsWith('aws iam '))).toHaveLength(steps.length)
        expect(script).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u200b\u2028\u202e]/)
        const { code, err, calls } = recorded(script)
        expect([code, err]).toEqual([0, ''])
        expect(calls.map(callOf)).toEqual(JSON.parse(JSON.stringify(callsOf(plan))))
      }),
      { numRuns: 40 },
    )
  })

  test('changes are told apart, and booleans, numbers and lists are as the AWS CLI takes them', async () => {
    await expect(scriptOf(fullPlan)).toMatchFileSnapshot('../golden/plan.sh')
    const command = (operation: string, input: object) => awsCommand({ operation, input })
    expect(
      command('UpdateAccountPasswordPolicy', {
        MinimumPasswordLength: 14,
        RequireSymbols: true,
        HardExpiry: false,
      }),
    ).toBe(
      'aws iam update-account-password-policy --minimum-password-length 14 --require-symbols --no-hard-expiry',
    )
    expect(
      command('AddClientIDToOpenIDConnectProvider', { OpenIDConnectProviderArn: 'arn:x', ClientID: 'sts' }),
    ).toBe(
      'aws iam add-client-id-to-open-id-connect-provider --open-id-connect-provider-arn arn:x --client-id sts',
    )
    expect(command('CreateSAMLProvider', { SAMLMetadataDocument: '<a b="c">', Name: 'x' })).toBe(
      'aws iam create-saml-provider --saml-metadata-document \'<a b="c">\' --name x',
    )
    expect(command('EnableMFADevice', { SerialNumber: 'x', AuthenticationCode1: '123456' })).toBe(
      'aws iam enable-mfa-device --serial-number x --authentication-code1 123456',
    )
  })

  test('a secret stands there as where it comes from: nothing is called until somebody has set it', () => {
    const upload = (PrivateKey: object) =>
      `set -eu\n${awsCommand({ operation: 'UploadServerCertificate', input: { ServerCertificateName: 'tls', PrivateKey } })}`
    const env = upload({ env: 'TLS_KEY' })
    expect(env).toContain('--private-key "${TLS_KEY:?a secret, from env TLS_KEY}"')
    expect(recorded(env)).toMatchObject({
      calls: [],
      err: expect.stringContaining('a secret, from env TLS_KEY'),
    })
    expect(recorded(env, { TLS_KEY: 'a "$(b)"\nc' }).calls[0]?.slice(-2)).toEqual([
      '--private-key',
      'a "$(b)"\nc',
    ])
    const file = recorded(upload({ file: 'keys/$(touch pwned)`id`"}.pem' }))
    expect(file).toMatchObject({
      calls: [],
      err: expect.stringContaining('a secret, from file keys/??touch pwned??id???.pem'),
    })
    expect(recorded(upload({ generate: 'password' })).calls).toEqual([])
    expect(recorded(upload({ env: 'A-B; id' })).calls).toEqual([])
  })

  test('what must not be applied is not carried out either', () => {
    const refused = errorOf({ code: 'guard.protected', message: 'is protected:\n$(touch x) `user/keeper`' })
    const { code, err, calls } = recorded(scriptOf(fullPlan, [refused]))
    expect([code, calls]).toEqual([1, []])
    expect(err).toContain('nothing below is carried out')
    const failed = awsCli.render(
      { type: 'failed', empty: {} },
      {
        diagnostics: [refused],
        kinds: REPORT_KINDS,
        texts: new SourceTexts(),
        options: { color: false },
        layout: 'whole',
      },
    )
    expect(recorded(failed ?? '').code).toBe(1)
  })
})

const hasAwsCli = spawnSync('aws', ['--version'], { encoding: 'utf8' }).status === 0

/** Sends a call to a server of our own, and gives back what it was sent. */
async function sentBy(command: string): Promise<Readonly<Record<string, string>>> {
  let body = ''
  const server = createServer((request, answer) => {
    request.setEncoding('utf8').on('data', (text) => {
      body += text
    })
    request.on('end', () => answer.end('<x/>'))
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  await promisify(execFile)('sh', ['-c', `${command} --endpoint-url http://127.0.0.1:${port} || true`], {
    env: {
      ...process.env,
      AWS_ACCESS_KEY_ID: 'x',
      AWS_SECRET_ACCESS_KEY: 'y',
      AWS_DEFAULT_REGION: 'us-east-1',
      AWS_MAX_ATTEMPTS: '1',
      AWS_PAGER: '',
      NO_PROXY: '*',
    },
  })
  server.close()
  return Object.fromEntries(new URLSearchParams(body))
}

describe('the AWS CLI itself', () => {
  const given = hasAwsCli ? test : test.skip
  given(
    `${hasAwsCli ? '' : '(there is none on this machine) '}sends what the step has`,
    async () => {
      const description = 'file:///etc/passwd\n"\'$(id)`\u200b é'
      const document = JSON.stringify({
        Statement: [{ Sid: "it's", Effect: 'Allow', Action: '*', Resource: '*' }],
      })
      expect(
        await sentBy(
          awsCommand({
            operation: 'CreatePolicy',
            input: {
              PolicyName: "o'neil $(id)",
              Description: description,
              PolicyDocument: document,
              Tags: [
                { Key: 'a b', Value: '-x' },
                { Key: 'c', Value: '' },
              ],
            },
          }),
        ),
      ).toMatchObject({
        Action: 'CreatePolicy',
        PolicyName: "o'neil $(id)",
        Description: description,
        PolicyDocument: document,
        'Tags.member.1.Key': 'a b',
        'Tags.member.1.Value': '-x',
        'Tags.member.2.Key': 'c',
      })
      expect(
        await sentBy(
          awsCommand({
            operation: 'CreatePolicyVersion',
            input: {
              PolicyArn: 'arn:aws:iam::111122223333:policy/x',
              PolicyDocument: document,
              SetAsDefault: true,
            },
          }),
        ),
      ).toMatchObject({ SetAsDefault: 'true', PolicyDocument: document })
      expect(
        await sentBy(
          awsCommand({ operation: 'UntagUser', input: { UserName: 'x', TagKeys: ['a b', "it's"] } }),
        ),
      ).toMatchObject({ 'TagKeys.member.1': 'a b', 'TagKeys.member.2': "it's" })
      expect(
        await sentBy(
          awsCommand({
            operation: 'UpdateAccountPasswordPolicy',
            input: { MinimumPasswordLength: 14, RequireSymbols: true, HardExpiry: false },
          }),
        ),
      ).toMatchObject({ MinimumPasswordLength: '14', RequireSymbols: 'true', HardExpiry: 'false' })
    },
    60_000,
  )
})
