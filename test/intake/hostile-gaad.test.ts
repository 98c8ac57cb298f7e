import { describe, expect, it } from 'vitest'
import { type AccessAnalyzer, createAccessAnalyzer } from '../../src/access/analyzer.ts'
import { DiagnosticError } from '../../src/diagnostics/index.ts'
import { createEvaluator } from '../../src/evaluator/estate/evaluator.ts'
import type { Intake } from '../../src/intake/intake.ts'
import { Random } from '../evaluator/random-cases.ts'
import { gaadIn } from './read-back.ts'

const ACCOUNT = '111122223333'
const arn = (rest: string) => `arn:aws:iam::${ACCOUNT}:${rest}`
const policy = (statement: object) => ({ Version: '2012-10-17', Statement: [statement] })
const CREATES = policy({ Sid: 'Users', Effect: 'Allow', Action: ['iam:CreateUser'], Resource: ['*'] })
const SECRET = 'wJalrXUtnFEMIK7MDENGbPxRfiCYEXAMPLEKEY'

/** Everybody in it may create users, each by another way. */
const EXPORT = {
  UserDetailList: [
    {
      Path: '/team/',
      UserName: 'ada',
      UserId: 'AIDAADA',
      Arn: arn('user/team/ada'),
      UserPolicyList: [{ PolicyName: 'own', PolicyDocument: CREATES }],
      GroupList: [],
      AttachedManagedPolicies: [],
      PermissionsBoundary: { PermissionsBoundaryType: 'Policy', PermissionsBoundaryArn: arn('policy/limit') },
      Tags: [{ Key: 'team', Value: 'core' }],
    },
  ],
  GroupDetailList: [
    {
      Path: '/',
      GroupName: 'admins',
      GroupId: 'AGPAADMINS',
      Arn: arn('group/admins'),
      GroupPolicyList: [{ PolicyName: 'own', PolicyDocument: encodeURIComponent(JSON.stringify(CREATES)) }],
      AttachedManagedPolicies: [],
    },
  ],
  RoleDetailList: [
    {
      Path: '/',
      RoleName: 'deploy',
      RoleId: 'AROADEPLOY',
      Arn: arn('role/deploy'),
      AssumeRolePolicyDocument: policy({
        Effect: 'Allow',
        Principal: { AWS: arn('user/team/ada') },
        Action: 'sts:AssumeRole',
      }),
      InstanceProfileList: [{ InstanceProfileName: 'deploy', Arn: arn('instance-profile/deploy') }],
      RolePolicyList: [],
      AttachedManagedPolicies: [{ PolicyName: 'limit', PolicyArn: arn('policy/limit') }],
      Tags: [],
    },
  ],
  Policies: [
    {
      PolicyName: 'limit',
      Arn: arn('policy/limit'),
      Path: '/',
      DefaultVersionId: 'v1',
      PolicyVersionList: [{ VersionId: 'v1', IsDefaultVersion: true, Document: CREATES }],
    },
  ],
}

type Path = readonly (string | number)[]

function* placesIn(value: unknown, path: Path = []): Iterable<Path> {
  if (path.length > 0) yield path
  if (typeof value !== 'object' || value === null) return
  for (const [key, member] of Object.entries(value))
    yield* placesIn(member, [...path, Array.isArray(value) ? Number(key) : key])
}

/** A copy in which something else stands at a place. */
function changed(value: unknown, [step, ...rest]: Path, put: unknown): unknown {
  if (step === undefined) return put
  if (Array.isArray(value)) return value.map((item, at) => (at === step ? changed(item, rest, put) : item))
  return Object.fromEntries(
    Object.entries(value as object).map(([key, member]) => [
      key,
      key === step ? changed(member, rest, put) : member,
    ]),
  )
}

const WRONG: readonly unknown[] = [7, true, { x: 1 }, [[7]], 'x', '', null, [], {}, '%7B', '{', 'é%ZZ', -0.5]
/** What nothing in an export is: no text, no list of texts, no document, and not nothing. */
const OF_NO_FORM: readonly unknown[] = [7, true, { x: 1 }, [[7]]]

/** null: the file as a whole is refused, in words with a code. */
function read(text: string): Intake | null {
  try {
    return gaadIn(text)
  } catch (error) {
    if (!(error instanceof DiagnosticError)) throw error
    expect(error.diagnostics.map(({ code }) => code).join()).toMatch(/^intake\.[a-z-]+$/)
    return null
  }
}

const FACTS = { documentOf: () => null, now: new Date('2026-01-01T00:00:00Z') }
const analyzing = async (): Promise<AccessAnalyzer> => createAccessAnalyzer(FACTS)
const PROBE = { actions: ['iam:CreateUser'], resources: ['*'], context: new Map() }
const places = [...placesIn(EXPORT)]

describe('an export with something wrong in it', () => {
  it('is read, or refused with a code, whatever stands at whatever place', async () => {
    expect(places.length).toBeGreaterThan(80)
    for (const path of places)
      for (const wrong of WRONG) {
        const intake = read(JSON.stringify(changed(EXPORT, path, wrong)))
        for (const { severity, code, message } of intake?.findings ?? []) {
          expect(severity, path.join('.')).not.toBe('error')
          expect(code).toMatch(/^intake\./)
          expect(message).not.toContain(SECRET)
        }
      }
  })

  it('can be asked everything', async () => {
    const analyzer = await analyzing()
    const random = new Random(20_261_126)
    for (const path of places) {
      const intake = read(JSON.stringify(changed(EXPORT, path, random.pick(WRONG))))
      if (intake === null) continue
      const { estate } = intake
      const ids = estate.accounts.map(({ account }) => account.id)
      const evaluator = await createEvaluator(estate, FACTS)
      evaluator.whoCan({ action: 'iam:CreateUser', resource: arn('user/x'), context: new Map() })
      analyzer.escalations(estate, ids)
      analyzer.noPublicAccess(estate, ids)
      analyzer.noOutsideAccess(estate, ids, { trusted: [], services: 'untrusted' })
      analyzer.diffEstates(gaadIn(JSON.stringify(EXPORT)).estate, estate, ids)
    }
  })

  it('passes no gate that it did not pass before', async () => {
    const analyzer = await analyzing()
    const holds = (text: string) => {
      const intake = read(text)
      return intake === null ? 'refused' : analyzer.notGranted(intake.estate, PROBE, [ACCOUNT]).holds
    }
    expect(holds(JSON.stringify(EXPORT))).toBe(false)
    // One of them at a time is left: by their own policies, or by those of the group.
    for (const alone of ['UserDetailList', 'RoleDetailList'] as const) {
      const other = alone === 'UserDetailList' ? 'RoleDetailList' : 'UserDetailList'
      const only = { ...EXPORT, [other]: [] }
      expect(holds(JSON.stringify(only))).toBe(false)
      for (const path of [...placesIn(only)])
        for (const wrong of OF_NO_FORM)
          expect([path.join('.'), wrong, holds(JSON.stringify(changed(only, path, wrong)))]).not.toEqual([
            path.join('.'),
            wrong,
            true,
          ])
    }
  })
})

describe('a file that is no export', () => {
  it.each([
    ['nothing', '', 'intake.empty'],
    ['blanks', ' \n\t', 'intake.empty'],
    ['a word', 'hello', 'intake.not-json'],
    ['a number', '7', 'intake.not-json'],
    ['a list of none', '[]', 'intake.not-an-export'],
    ['another command', '{"Users":[]}', 'intake.not-an-export'],
    ['a page and something else', `${JSON.stringify(EXPORT)}{"a":1}`, 'intake.not-an-export'],
    ['the error of the AWS CLI', 'An error occurred (AccessDenied) when calling the …', 'intake.not-json'],
    ['YAML', 'UserDetailList:\n- Arn: x\n', 'intake.not-json'],
    ['brackets without an end', '['.repeat(1_000_000), 'intake.too-deep'],
    ['a bracket too many', `${JSON.stringify(EXPORT)}]`, 'intake.not-json'],
    ['a comma too many', '{"UserDetailList":[],}', 'intake.not-json'],
  ])('%s', (_, text, code) => {
    let found = ''
    try {
      gaadIn(text)
    } catch (error) {
      if (!(error instanceof DiagnosticError)) throw error
      found = error.diagnostics.map((each) => each.code).join()
    }
    expect(found).toBe(code)
  })

  it('is refused wherever it was cut off', () => {
    const text = JSON.stringify(EXPORT)
    for (let at = 1; at < text.length; at += 7) expect(read(text.slice(0, at))).toBeNull()
  })

  it('is refused, or read, whichever byte of it is another', () => {
    const bytes = new TextEncoder().encode(JSON.stringify(EXPORT))
    const random = new Random(20_261_126)
    for (let run = 0; run < 400; run++) {
      const other = bytes.slice()
      other[random.below(other.length)] = random.below(256)
      try {
        gaadIn(other)
      } catch (error) {
        if (!(error instanceof DiagnosticError)) throw error
      }
    }
  })

  it('that is not complete says so, and passes no gate', async () => {
    const analyzer = await analyzing()
    const nobody = { UserDetailList: [], GroupDetailList: [], RoleDetailList: [], Policies: [] }
    const someone = { ...nobody, UserDetailList: [{ ...EXPORT.UserDetailList[0], UserPolicyList: [] }] }
    const whole = gaadIn(JSON.stringify(someone))
    const { Policies: _, ...withoutPolicies } = someone
    for (const text of [
      JSON.stringify({ ...someone, IsTruncated: true, Marker: 'x' }),
      JSON.stringify(withoutPolicies),
      JSON.stringify({ ...someone, RoleDetailList: [{ RoleName: 'unnamed' }] }),
    ]) {
      const { estate, findings } = gaadIn(text)
      expect(findings.map(({ code }) => code)).toContainEqual(
        expect.stringMatching(/^intake\.(?:incomplete|unreadable)$/),
      )
      expect(analyzer.notGranted(estate, { ...PROBE, actions: ['iam:DeleteUser'] }, [ACCOUNT]).holds).toBe(
        'unknown',
      )
      const [diff] = analyzer.diffEstates(whole.estate, estate, [ACCOUNT]).values()
      expect(diff?.verdict).toBe('unknown')
    }
    expect(
      analyzer.notGranted(whole.estate, { ...PROBE, actions: ['iam:DeleteUser'] }, [ACCOUNT]).holds,
    ).not.toBe(false)
  })
})

describe('secrets beside it', () => {
  it('are in nothing that is kept, wherever they stand', () => {
    const planted = (value: unknown): unknown =>
      Array.isArray(value)
        ? value.map(planted)
        : typeof value === 'object' && value !== null
          ? {
              ...Object.fromEntries(Object.entries(value).map(([key, member]) => [key, planted(member)])),
              ...('Statement' in value || 'Effect' in value || 'AWS' in value
                ? {}
                : { Password: SECRET, SecretAccessKey: SECRET }),
            }
          : value
    const intake = gaadIn(JSON.stringify(planted(EXPORT)))
    const kept = JSON.stringify(intake, (_, value) =>
      value instanceof Map ? [...value] : value instanceof Set ? [...value] : value,
    )
    expect(kept).toContain('CreateUser')
    expect(kept).not.toContain(SECRET)
    expect(read(`${JSON.stringify(planted(EXPORT))} "${SECRET}`)).toBeNull()
  })
})
