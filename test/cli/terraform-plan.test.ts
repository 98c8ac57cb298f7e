import { writeFileSync } from 'node:fs'
import { join, relative } from 'node:path'
import { describe, expect, it } from 'vitest'
import { Random } from '../evaluator/random-cases.ts'
import { mutated, ODD, placesIn, RICH } from '../intake/tfplan/mutations.ts'
import { type Planned, planJson } from '../intake/tfplan/plan-json.ts'
import { allowing, roleOf } from '../intake/tfplan/read-plan.ts'
import { times } from '../intake/times.ts'
import { temporaryFolder } from '../source/folders.ts'
import { runHere } from './in-process.ts'

const ACCOUNT = ['--account-id', '111122223333'] as const

/** The name of a file that holds a plan. */
const planFile = (resources: readonly Planned[], parts: Parameters<typeof planJson>[1] = {}): string =>
  join(temporaryFolder({ 'plan.json': JSON.stringify(planJson(resources, parts)) }), 'plan.json')

const inline = (action: string, before: string | null, rest: Partial<Planned> = {}): Planned => ({
  type: 'aws_iam_role_policy',
  name: 'p',
  before: before === null ? null : { role: 'deploy', name: 'p', policy: JSON.stringify(allowing(before)) },
  after: { role: 'deploy', name: 'p', policy: JSON.stringify(allowing(action)) },
  ...rest,
})
const DEPLOY = roleOf('deploy', { before: undefined, computed: [] })

interface Entry {
  readonly principals: readonly string[]
  readonly actions: readonly string[]
  readonly source: { readonly file: string; readonly line: number } | null
}
interface Access {
  readonly verdict: string
  readonly gained: readonly Entry[]
  readonly lost: readonly Entry[]
  readonly unknown: readonly { readonly principals: readonly string[]; readonly reason: string }[]
}

async function accessDiff(file: string): Promise<Access> {
  const { out } = await runHere('access', 'diff', `tfplan:${file}`, ...ACCOUNT, '--json')
  const { accounts } = JSON.parse(out) as { readonly accounts: readonly { readonly access: Access }[] }
  const [first] = accounts
  if (first === undefined) throw new Error(out)
  return first.access
}

describe('access diff of a plan alone', () => {
  it('is what is gained from before to after, with the address of the resource', async () => {
    const file = planFile([DEPLOY, inline('s3:PutObject', 's3:GetObject', { module: 'module.ci', key: 'x' })])
    const { verdict, gained, lost } = await accessDiff(file)
    expect(verdict).toBe('both')
    expect(gained.map(({ actions }) => actions)).toEqual([['s3:PutObject']])
    expect(lost.map(({ actions }) => actions)).toEqual([['s3:GetObject']])
    expect(gained[0]?.source).toEqual({ file: `${file}#module.ci.aws_iam_role_policy.p["x"]`, line: 4 })
  })

  it('of a plan that changes nothing is nothing, whatever else the account holds', async () => {
    const file = planFile([DEPLOY, inline('s3:GetObject', 's3:GetObject')])
    expect(await accessDiff(file)).toMatchObject({ verdict: 'none', gained: [], lost: [], unknown: [] })
    expect(await runHere('access', 'diff', `tfplan:${file}`, '--exit-code')).toMatchObject({ code: 0 })
  })

  it('with what is known of a document, and the rest of it unknown', async () => {
    const statement = { actions: ['s3:PutObject'], resources: ['*'], condition: [], principals: [] }
    const file = planFile([
      DEPLOY,
      inline('s3:GetObject', 's3:GetObject', {
        after: { role: 'deploy', name: 'p' },
        unknown: { policy: ['data.aws_iam_policy_document.d.json', 'data.aws_iam_policy_document.d'] },
      }),
      {
        type: 'aws_iam_policy_document',
        name: 'd',
        mode: 'data',
        after: { statement: [statement, { ...statement, resources: [null] }] },
        partly: { json: true, statement: [{}, { resources: [true] }] },
      },
    ])
    const { verdict, gained, lost, unknown } = await accessDiff(file)
    expect(verdict).toBe('unknown')
    expect(gained.map(({ principals, actions }) => [principals, actions])).toEqual([
      [['arn:aws:iam::111122223333:role/deploy'], ['s3:PutObject']],
    ])
    // What is known no longer may be in what isn't known yet.
    expect(lost).toEqual([])
    expect(unknown.map(({ reason }) => reason)).toContain('document')
    expect(await runHere('access', 'diff', `tfplan:${file}`, '--exit-code')).toMatchObject({ code: 2 })
  })

  it('of somebody whom only an attachment names has what the attachment gives or takes', async () => {
    const gives = await accessDiff(planFile([inline('s3:PutObject', null)]))
    expect([gives.verdict, gives.gained.map(({ actions }) => actions), gives.lost]).toEqual([
      'unknown',
      [['s3:PutObject']],
      [],
    ])
    const takes = await accessDiff(planFile([{ ...inline('s3:PutObject', 's3:PutObject'), after: null }]))
    expect([takes.verdict, takes.gained, takes.lost.map(({ actions }) => actions)]).toEqual([
      'unknown',
      [],
      [['s3:PutObject']],
    ])
    // Who may assume it is the same before and after.
    for (const { principals } of gives.unknown)
      expect(principals).toEqual(['arn:aws:iam::111122223333:role/deploy'])
  })

  it('a policy of a resource that is not known yet may let in anybody', async () => {
    const file = planFile([
      DEPLOY,
      { type: 'aws_s3_bucket', name: 'b', before: null, after: { bucket: 'logs' } },
      {
        type: 'aws_s3_bucket_policy',
        name: 'b',
        before: null,
        after: { bucket: 'logs' },
        unknown: { policy: ['aws_s3_bucket.b.arn', 'aws_s3_bucket.b'] },
      },
    ])
    const { verdict, unknown } = await accessDiff(file)
    expect(verdict).toBe('unknown')
    expect(unknown.flatMap(({ principals }) => principals)).toContain('anonymous')
    for (const claim of [
      ['--no-public-access'],
      ['--no-outside-access'],
      ['--no-new-access', `tfplan:${file}#before`],
    ]) {
      const { out, code } = await runHere('access', 'check', ...claim, '--as-of', `tfplan:${file}`, '--json')
      expect([claim[0], code, JSON.parse(out).holds]).toEqual([claim[0], 4, 'unknown'])
    }
  })
})

describe('gates over a plan', () => {
  const check = async (file: string, ...claim: readonly string[]) => {
    const { out, code } = await runHere(
      'access',
      'check',
      ...claim,
      '--as-of',
      `tfplan:${file}`,
      ...ACCOUNT,
      '--json',
    )
    return [code, JSON.parse(out).holds]
  }

  it('hold where nobody gains anything, and fail where somebody does', async () => {
    const less = planFile([DEPLOY, inline('s3:GetObject', 's3:*')])
    expect(await check(less, '--no-new-access', `tfplan:${less}#before`)).toEqual([0, true])
    const more = planFile([DEPLOY, inline('s3:*', 's3:GetObject')])
    expect(await check(more, '--no-new-access', `tfplan:${more}#before`)).toEqual([4, false])
  })

  it('of escalations', async () => {
    const same = planFile([DEPLOY, inline('s3:PutObject', 's3:GetObject')])
    expect(await check(same, '--no-new-escalation', `tfplan:${same}#before`)).toEqual([0, true])
    const worse = planFile([DEPLOY, inline('iam:*', 's3:GetObject')])
    expect(await check(worse, '--no-new-escalation', `tfplan:${worse}#before`)).toEqual([4, false])
  })

  it.each([
    ['a grant of a key', { type: 'aws_kms_grant', name: 'g', before: null, after: { key_id: 'k' } }],
    [
      'a control policy that is detached',
      { type: 'aws_organizations_policy_attachment', name: 'a', before: { target_id: 'r-1' }, after: null },
    ],
    [
      'a bucket whose ACL opens it',
      {
        type: 'aws_s3_bucket',
        name: 'b',
        before: { bucket: 'b', acl: 'private' },
        after: { bucket: 'b', acl: 'public-read' },
      },
    ],
    [
      'an ACL that opens',
      { type: 'aws_s3_bucket_acl', name: 'a', before: { acl: 'private' }, after: { acl: 'public-read' } },
    ],
  ] as const)('do not hold on a plan with %s, which is not looked at', async (_, changed) => {
    const file = planFile([DEPLOY, changed])
    expect(await check(file, '--no-new-access', `tfplan:${file}#before`)).toEqual([4, 'unknown'])
    expect(await check(file, '--no-new-escalation', `tfplan:${file}#before`)).toEqual([4, 'unknown'])
    expect((await accessDiff(file)).verdict).toBe('unknown')
    const same = planFile(
      [DEPLOY, { ...changed, before: changed.before, after: changed.before }].filter(
        ({ after }) => after !== null,
      ),
    )
    expect(await check(same, '--no-new-access', `tfplan:${same}#before`)).toEqual([0, true])
  })

  it('and hold where such a resource has only moved', async () => {
    const moved = {
      type: 'aws_kms_grant',
      name: 'g',
      after: { key_id: 'k' },
      module: 'module.m',
      previousAddress: 'aws_kms_grant.g',
    }
    const file = planFile([DEPLOY, moved])
    expect(await check(file, '--no-new-access', `tfplan:${file}#before`)).toEqual([0, true])
  })

  it('nor on one that leaves resources for later, or that could not be finished', async () => {
    for (const extra of [
      { errored: true },
      { deferred_changes: [{ resource_change: { address: 'aws_iam_role.x' } }] },
    ]) {
      const file = planFile([DEPLOY], { extra })
      expect(await check(file, '--no-new-access', `tfplan:${file}#before`)).toEqual([4, 'unknown'])
    }
  })

  it('hold where somebody gets credentials, and may do what they may', async () => {
    const file = planFile([
      DEPLOY,
      { type: 'aws_iam_access_key', name: 'k', before: null, after: { user: 'u' } },
    ])
    expect(await check(file, '--no-new-access', `tfplan:${file}#before`)).toEqual([0, true])
  })

  it('that are about everybody of the account are not proved by what Terraform manages', async () => {
    const file = planFile([DEPLOY, inline('s3:GetObject', 's3:GetObject')])
    expect(await check(file, '--not-granted', 'ec2:RunInstances')).toEqual([4, 'unknown'])
    expect(await check(file, '--not-granted', 's3:GetObject')).toEqual([4, false])
  })
})

describe('questions about a plan', () => {
  const file = planFile([
    DEPLOY,
    inline('s3:PutObject', 's3:GetObject'),
    roleOf('admin', { name: 'admin' }),
    inline('iam:*', null, {
      name: 'a',
      after: { role: 'admin', name: 'a', policy: JSON.stringify(allowing('iam:*')) },
    }),
  ])
  const ask = (state: string, ...words: readonly string[]) => runHere(...words, '--as-of', state, ...ACCOUNT)

  it.each([
    ['after it', `tfplan:${file}`, ['implicit_deny', 'allow']],
    ['before it', `tfplan:${file}#before`, ['allow', 'implicit_deny']],
  ])('evaluate, %s', async (_, state, expected) => {
    const decisions = []
    for (const action of ['s3:GetObject', 's3:PutObject']) {
      const { out } = await ask(
        state,
        'evaluate',
        '--principal',
        'role/deploy',
        '--action',
        action,
        '--resource',
        'arn:aws:s3:::x/y',
        '--json',
      )
      decisions.push(JSON.parse(out).decision)
    }
    expect(decisions).toEqual(expected)
  })

  it('who-can', async () => {
    const { out } = await ask(`tfplan:${file}`, 'who-can', 's3:PutObject', 'arn:aws:s3:::x/y', '--json')
    expect(
      JSON.parse(out).grants.map(({ principal }: { readonly principal: string }) => principal),
    ).toContain('arn:aws:iam::111122223333:role/deploy')
  })

  it('access escalations', async () => {
    const { out } = await ask(`tfplan:${file}`, 'access', 'escalations', '--json')
    const [first] = JSON.parse(out).accounts
    expect(first.escalations.length).toBeGreaterThan(0)
    const earlier = await ask(`tfplan:${file}#before`, 'access', 'escalations', '--json')
    expect(JSON.parse(earlier.out).accounts[0].escalations).toEqual([])
  })

  it('tests and invariants of a folder', async () => {
    const folder = temporaryFolder({
      'iam-sync.yaml': 'version: 1\naccounts: { production: { id: "111122223333" } }\n',
      'tests.yaml': `tests:
  - { name: deploy writes, principal: role/deploy, action: "s3:PutObject", resource: "arn:aws:s3:::x/y", expect: allow }
  - { name: deploy reads no more, principal: role/deploy, action: "s3:GetObject", resource: "arn:aws:s3:::x/y", expect: deny }
`,
    })
    expect(await ask(`tfplan:${file}`, 'test', '--dir', folder)).toMatchObject({ code: 0 })
    expect(await ask(`tfplan:${file}#before`, 'test', '--dir', folder)).toMatchObject({ code: 4 })
  })
})

const RICH_PLAN = relative(process.cwd(), join(import.meta.dirname, 'golden/tfplan.json'))

describe('what people read of a plan with something of everything', () => {
  it.each([
    ['diff', ['access', 'diff', 'STATE']],
    ['check', ['access', 'check', '--no-new-access', 'STATE#before', '--as-of', 'STATE']],
    ['escalations', ['access', 'escalations', '--as-of', 'STATE']],
  ])('access %s', async (name, words) => {
    // Relative, and so as long everywhere: lines are broken by what they show.
    await expect(`${JSON.stringify(planJson(RICH), null, 1)}\n`).toMatchFileSnapshot('golden/tfplan.json')
    const given = words.map((word) => word.replace('STATE', `tfplan:${RICH_PLAN}`))
    const { out, err } = await runHere(...given, ...ACCOUNT)
    const shown = `${out}--- stderr\n${err}`
    await expect(shown).toMatchFileSnapshot(`golden/tfplan-${name}.txt`)
  })
})

describe('plans in which something stands that should not', () => {
  it('end in a code or are answered, whatever it is', async () => {
    const whole = JSON.stringify(planJson(RICH))
    const file = planFile(RICH)
    const random = new Random(Number(process.env.PROPERTY_SEED ?? 20_261_126))
    const pick = <T>(list: readonly T[]): T => {
      const each = list[random.below(list.length)]
      if (each === undefined) throw new Error('an empty list')
      return each
    }
    const places = placesIn(JSON.parse(whole))
    for (let run = 0; run < times(6); run++) {
      writeFileSync(file, JSON.stringify(mutated(whole, pick(places), pick(ODD))))
      for (const words of [
        ['access', 'diff', `tfplan:${file}`],
        ['access', 'check', '--no-public-access', '--as-of', `tfplan:${file}`],
      ]) {
        const { out, err, code } = await runHere(...words, '--json')
        expect(out + err).not.toContain('error[internal]')
        expect([0, 1, 4]).toContain(code)
      }
    }
  })
})

describe('flags that say where a plan is', () => {
  it.each([
    [['--region', 'eu-west'], 'cli.invalid-value'],
    [['--account-id', '1234'], 'cli.invalid-value'],
  ])('%j is refused', async (flags, code) => {
    const file = planFile([DEPLOY])
    const { out } = await runHere('access', 'escalations', '--as-of', `tfplan:${file}`, ...flags, '--json')
    expect(JSON.parse(out).diagnostics[0].code).toBe(code)
  })

  it('without a plan they are refused', async () => {
    const { out } = await runHere('access', 'diff', 'desired', 'observed', '--region', 'eu-west-1', '--json')
    expect(JSON.parse(out).diagnostics[0].code).toBe('cli.missing-flag')
  })
})

describe('what a plan has marked as secret', () => {
  const SECRET = 'pl4nted-s3cret'
  const file = planFile(
    [
      DEPLOY,
      inline(`s3:${SECRET}`, null, { sensitive: { policy: true } }),
      inline('s3:GetObject', 's3:PutObject', {
        name: 'q',
        after: { role: 'deploy', name: 'q', policy: JSON.stringify(allowing('s3:GetObject')) },
      }),
      { type: 'aws_iam_user', name: 'u', after: { name: SECRET, path: '/' }, sensitive: { name: true } },
      {
        type: 'aws_iam_access_key',
        name: 'k',
        after: { user: 'u', secret: SECRET, ses_smtp_password_v4: SECRET },
      },
      { type: 'aws_iam_user_login_profile', name: 'l', after: { user: 'u', password: SECRET } },
      {
        type: 'aws_lambda_function',
        name: 'f',
        after: { function_name: 'f', environment: [{ variables: { A: SECRET } }] },
      },
    ],
    { extra: { variables: { token: { value: SECRET } } } },
  )
  const state = `tfplan:${file}`

  it.each([
    ['access', 'diff', state],
    ['access', 'check', '--no-public-access', '--as-of', state],
    ['access', 'check', '--no-new-access', `${state}#before`, '--as-of', state],
    ['access', 'escalations', '--as-of', state],
    ['who-can', 's3:GetObject', 'arn:aws:s3:::x/y', '--as-of', state],
    ['who-can', 's3:*', '*', '--as-of', state],
    [
      'evaluate',
      '--principal',
      'role/deploy',
      '--action',
      's3:GetObject',
      '--resource',
      '*',
      '--as-of',
      state,
    ],
  ])('is in no output: %s %s %s', async (...words) => {
    for (const format of ['text', 'json']) {
      const { out, err } = await runHere(...words, '--format', format)
      expect(out + err).not.toContain(SECRET)
      expect(out + err).not.toContain('internal')
      expect(`${out}${err}`.length).toBeGreaterThan(50)
    }
  })
})
