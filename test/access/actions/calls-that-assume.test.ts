// Keys that requests carry together: how somebody has signed in, and what a call that assumes a role needs beside its action.
import { describe, expect, it } from 'vitest'
import type { ConditionBlock, PolicyStatement } from '../../../src/model/index.ts'
import {
  accountOf,
  allow,
  document,
  estateWith,
  grant,
  HOME,
  resourceOf,
} from '../../evaluator/estate-world.ts'
import { analysisForTests, linesOf } from '../diff/estate-diffs.ts'

const analysis = analysisForTests()
const ROLE = `arn:aws:iam::${HOME}:role/app`

const trusting = (action: string | readonly string[], condition: ConditionBlock | null): PolicyStatement => ({
  Effect: 'Allow',
  Principal: { AWS: `arn:aws:iam::${HOME}:root` },
  Action: action,
  ...(condition === null ? {} : { Condition: condition }),
})

const assumedBy = (own: readonly PolicyStatement[], ...trust: readonly PolicyStatement[]) =>
  estateWith(
    [accountOf(HOME, { al: { policy: document(...own) } }, { app: { trust: document(...trust) } })],
    null,
    [],
  )

const whoMay = (estate: ReturnType<typeof assumedBy>, action: string, resource: string) =>
  analysis().analyzer.notGranted(estate, { actions: [action], resources: [resource], context: new Map() }, [
    HOME,
  ])

const keysOf = ({ violations }: ReturnType<typeof whoMay>) =>
  violations.map(({ witness }) => [...witness.context].map(([key, values]) => `${key}=${values.join()}`))

describe('a role is assumed with tags only where they may be passed', () => {
  const tagged = { StringEquals: { 'aws:RequestTag/team': 'payments' } }
  it('by nobody, where the trust policy asks for a tag and lets none in', () => {
    const estate = assumedBy([allow('sts:*')], trusting('sts:AssumeRole', tagged))
    expect(whoMay(estate, 'sts:AssumeRole', ROLE)).toMatchObject({ holds: true, unknown: [] })
  })
  it('by nobody, where the caller may pass none', () => {
    const estate = assumedBy(
      [allow('sts:AssumeRole')],
      trusting(['sts:AssumeRole', 'sts:TagSession'], tagged),
    )
    expect(whoMay(estate, 'sts:AssumeRole', ROLE)).toMatchObject({ holds: true, unknown: [] })
  })
  it('by whoever may do both', () => {
    const estate = assumedBy(
      [allow('sts:AssumeRole'), allow('sts:TagSession')],
      trusting(['sts:AssumeRole', 'sts:TagSession'], tagged),
    )
    expect(keysOf(whoMay(estate, 'sts:AssumeRole', ROLE))).toEqual([['aws:RequestTag/team=payments']])
  })
  it('under the conditions of both', () => {
    const by = (address: string) => ({ IpAddress: { 'aws:SourceIp': address } })
    const estate = (address: string) =>
      assumedBy(
        [allow('sts:AssumeRole'), allow('sts:TagSession', { Condition: by(address) })],
        trusting(['sts:AssumeRole', 'sts:TagSession'], { ...tagged, ...by('192.0.2.0/24') }),
      )
    expect(whoMay(estate('192.0.2.7'), 'sts:AssumeRole', ROLE).violations).toHaveLength(1)
    expect(whoMay(estate('203.0.113.7'), 'sts:AssumeRole', ROLE)).toMatchObject({ holds: true, unknown: [] })
  })
  it('and passes each that it names', () => {
    const naming = (condition: ConditionBlock) =>
      trusting(['sts:AssumeRole', 'sts:TagSession'], {
        'ForAnyValue:StringEquals': { 'aws:TagKeys': 'team' },
        Null: { 'aws:RequestTag/team': 'true' },
        ...condition,
      })
    const asked = (trust: ReturnType<typeof naming>) =>
      whoMay(assumedBy([allow('sts:*')], trust), 'sts:AssumeRole', ROLE)
    expect(asked(naming({ StringNotEquals: { 'aws:RequestTag/team': '' } })).holds).toBe(true)
    // To `Null` what is passed empty is missing.
    expect(keysOf(asked(naming({})))).toEqual([['aws:RequestTag/team=', 'aws:TagKeys=team']])
    // To take tags away only their names are given.
    const untagging = allow('iam:UntagRole', {
      Condition: {
        'ForAnyValue:StringEquals': { 'aws:TagKeys': 'team' },
        Null: { 'aws:RequestTag/team': 'true' },
      },
    })
    expect(whoMay(assumedBy([untagging]), 'iam:UntagRole', ROLE).holds).toBe(false)
  })
  it('and hands on only those that are passed', () => {
    const handingOn = { 'ForAnyValue:StringEquals': { 'sts:TransitiveTagKeys': 'team' } }
    const holds = (condition: ConditionBlock) => {
      const trust = trusting(['sts:AssumeRole', 'sts:TagSession'], condition)
      return whoMay(assumedBy([allow('sts:*', { Condition: handingOn })], trust), 'sts:AssumeRole', ROLE)
        .holds
    }
    expect(holds({ Null: { 'aws:TagKeys': 'true' } })).toBe(true)
    expect(holds({ 'ForAllValues:StringEquals': { 'aws:TagKeys': 'env' } })).toBe(true)
    expect(holds({ 'ForAllValues:StringEquals': { 'aws:TagKeys': ['env', 'team'] } })).toBe(false)
    const passed = { StringNotEquals: { 'aws:RequestTag/team': '' } }
    expect(holds({ Null: { 'aws:RequestTag/team': 'true' } })).toBe(false)
    expect(holds({ Null: { 'aws:RequestTag/team': 'true' }, ...passed })).toBe(true)
    expect(holds({ Null: { 'aws:RequestTag/env': 'true' } })).toBe(false)
  })
  // Elsewhere than in the account, where nothing else is asked.
  const ELSEWHERE = 'arn:aws:iam::999988887777:role/x'
  const denied: PolicyStatement = {
    Effect: 'Deny',
    Action: '*',
    Resource: '*',
    Condition: { 'ForAnyValue:StringEquals': { 'aws:TagKeys': 'x' } },
  }
  const holder = (...own: readonly PolicyStatement[]) =>
    estateWith([accountOf(HOME, { al: { policy: document(...own) } })], null, [])
  const lost = (...own: readonly PolicyStatement[]) => {
    const diff = analysis()
      .analyzer.diffEstates(holder(...own), holder(...own, denied), [HOME])
      .get(HOME)
    return { lost: diff?.lost.flatMap(({ actions }) => actions).sort(), unknown: diff?.unknown }
  }
  it('so that a deny of tags takes nothing from whoever may pass none, or no such one', () => {
    expect(lost(allow('sts:AssumeRole'))).toEqual({ lost: [], unknown: [] })
    const others = { Condition: { 'ForAllValues:StringEquals': { 'aws:TagKeys': 'y' } } }
    expect(lost(allow('sts:AssumeRole'), { ...allow('sts:TagSession'), ...others })).toEqual({
      lost: [],
      unknown: [],
    })
    expect(lost(allow('sts:AssumeRole'), allow('sts:TagSession'))).toEqual({
      lost: ['sts:AssumeRole', 'sts:TagSession'],
      unknown: [],
    })
  })
  // Of two states each asks for both: by the action alone the role could be assumed in either.
  it('so that the right to pass them gives a role which asks for them, and takes it away', () => {
    const trust = (...actions: readonly string[]) => trusting(['sts:AssumeRole', ...actions], tagged)
    const own = (...actions: readonly string[]) => ['sts:AssumeRole', ...actions].map((each) => allow(each))
    const may = assumedBy(own('sts:TagSession'), trust('sts:TagSession'))
    const told = (before: typeof may, after: typeof may) => {
      const { gained = [], lost = [] } =
        analysis().analyzer.diffEstates(before, after, [HOME]).get(HOME) ?? {}
      const actionsOf = (entries: typeof gained) => {
        const own = entries.filter(({ principals }) => principals.includes(`arn:aws:iam::${HOME}:user/al`))
        return [...new Set(own.flatMap(({ actions }) => actions))].sort()
      }
      return { gained: actionsOf(gained), lost: actionsOf(lost) }
    }
    const both = ['sts:AssumeRole', 'sts:TagSession']
    for (const mayNot of [
      assumedBy(own(), trust('sts:TagSession')),
      assumedBy(own('sts:TagSession'), trust()),
    ]) {
      expect(told(mayNot, may)).toEqual({ gained: both, lost: [] })
      expect(told(may, mayNot)).toEqual({ gained: [], lost: both })
    }
  })
  it('elsewhere, by whoever may do both', () => {
    const asks = { Condition: { StringEquals: { 'aws:RequestTag/team': 'a' } } }
    const may = (...own: readonly PolicyStatement[]) => whoMay(holder(...own), 'sts:AssumeRole', ELSEWHERE)
    const assumes = { ...allow('sts:AssumeRole'), ...asks }
    expect(may(assumes)).toMatchObject({ holds: true, unknown: [] })
    expect(may(assumes, allow('sts:TagSession')).holds).not.toBe(true)
  })
  it('and without any the old way stays', () => {
    const estate = assumedBy([allow('sts:AssumeRole')], trusting('sts:AssumeRole', null))
    expect(whoMay(estate, 'sts:AssumeRole', ROLE).violations).toHaveLength(1)
  })
  it('a source identity likewise', () => {
    const named = { StringLike: { 'sts:SourceIdentity': 'al*' } }
    const estate = (...actions: readonly string[]) =>
      assumedBy([allow('sts:*')], trusting(['sts:AssumeRole', ...actions], named))
    expect(whoMay(estate(), 'sts:AssumeRole', ROLE)).toMatchObject({ holds: true, unknown: [] })
    expect(whoMay(estate('sts:SetSourceIdentity'), 'sts:AssumeRole', ROLE).holds).toBe(false)
  })
})

describe('MFA is told by the credentials of a session', () => {
  const MFA = 'aws:MultiFactorAuthPresent'
  const withMfa = { Bool: { [MFA]: 'true' } }
  const holding = (condition: ConditionBlock, action = 's3:GetObject') =>
    assumedBy([allow(action, { Condition: condition })])
  const asked = (condition: ConditionBlock, action = 's3:GetObject') =>
    whoMay(holding(condition, action), action, '*')
  it('which say when they were issued', () => {
    expect(keysOf(asked(withMfa))).toEqual([[`${MFA}=true`, expect.stringMatching(/^aws:TokenIssueTime=/)]])
  })
  it('never by long-term credentials', () => {
    for (const value of ['true', 'false']) {
      const condition = { Bool: { [MFA]: value }, Null: { 'aws:TokenIssueTime': 'true' } }
      expect(asked(condition)).toMatchObject({ holds: true, unknown: [] })
    }
  })
  it('and with no age where there was none', () => {
    const aged = { NumericLessThan: { 'aws:MultiFactorAuthAge': '3600' } }
    expect(asked({ ...aged, Bool: { [MFA]: 'false' } })).toMatchObject({ holds: true, unknown: [] })
    expect(keysOf(asked(aged))[0]).toContain(`${MFA}=true`)
  })
  it('but in the call that assumes a role a code does', () => {
    const condition = { ...withMfa, Null: { 'aws:TokenIssueTime': 'true' } }
    const estate = assumedBy([allow('sts:AssumeRole')], trusting('sts:AssumeRole', condition))
    expect(keysOf(whoMay(estate, 'sts:AssumeRole', ROLE))).toEqual([[`${MFA}=true`]])
  })
  it('and nobody has it who signs with no credentials of IAM', () => {
    const bucket = 'arn:aws:s3:::data'
    const estate = estateWith([accountOf(HOME, {})], null, [
      resourceOf(
        bucket,
        HOME,
        document(grant('*', 's3:GetObject', { Resource: `${bucket}/*`, Condition: withMfa })),
      ),
    ])
    const { violations } = whoMay(estate, 's3:GetObject', `${bucket}/x`)
    expect(violations.flatMap(({ principals }) => principals)).not.toContain('anonymous')
    expect(violations.flatMap(({ principals }) => principals)).toContain('account:*')
  })
})

describe('a role of an account that is not in the project is assumed with tags only by whoever may pass them', () => {
  const FAR = 'arn:aws:iam::999999999999:role/far'
  const NEAR = 'arn:aws:iam::999999999999:role/near'
  const tagged = { StringEquals: { 'aws:RequestTag/team': 'payments' } }
  const assuming = allow('sts:AssumeRole', { Resource: FAR, Condition: tagged })
  const holding = (...own: readonly PolicyStatement[]) =>
    estateWith([accountOf(HOME, { al: { policy: document(...own) } })], null, [])
  const linesBetween = (before: readonly PolicyStatement[], after: readonly PolicyStatement[]) => {
    const diff = analysis().diff(holding(...before), holding(...after))
    expect(diff.unknown).toEqual([])
    return linesOf(diff).filter((line) => line.includes('sts:'))
  }
  const tagging = allow('sts:TagSession', { Resource: FAR })

  it('so that permission to tag is a gain of both', () => {
    expect(linesBetween([assuming], [assuming, tagging])).toEqual([
      `+ user/al sts:AssumeRole on ${FAR}`,
      `+ user/al sts:TagSession on ${FAR}`,
    ])
    expect(linesBetween([assuming, tagging], [assuming])).toEqual([
      `- user/al sts:AssumeRole on ${FAR}`,
      `- user/al sts:TagSession on ${FAR}`,
    ])
  })
  it('of that very role', () => {
    const other = allow('sts:TagSession', { Resource: NEAR })
    expect(linesBetween([assuming], [assuming, other])).toEqual([`+ user/al sts:TagSession on ${NEAR}`])
    expect(linesBetween([other], [other, assuming])).toEqual([])
  })
  it('and none where tags are not asked for', () => {
    const plain = allow('sts:AssumeRole', { Resource: FAR })
    expect(linesBetween([plain], [plain, tagging])).toEqual([`+ user/al sts:TagSession on ${FAR}`])
  })
  it('and a deny of tagging takes both away', () => {
    const all = allow('sts:*')
    const onlyTagged: PolicyStatement = {
      Effect: 'Deny',
      Action: 'sts:AssumeRole',
      Resource: '*',
      Condition: { Null: { 'aws:RequestTag/team': 'true' } },
    }
    const denied: PolicyStatement = { Effect: 'Deny', Action: 'sts:TagSession', Resource: FAR }
    expect(linesBetween([all, onlyTagged], [all, onlyTagged, denied])).toEqual([
      '- user/al sts:AssumeRole,sts:TagSession on *',
    ])
  })
})
