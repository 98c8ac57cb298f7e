import { describe, expect, it } from 'vitest'
import { SHARING_ACTIONS } from '../../src/access/escalation/ways/other-ways.ts'
import { WAYS } from '../../src/access/escalation/ways/ways.ts'
import { loadActions } from '../../src/catalog/actions.ts'
import type { Estate, PolicyStatement } from '../../src/model/index.ts'
import { resourceOf } from '../evaluator/estate-world.ts'
import { askForTests, told } from './ask.ts'
import { allows, arnOf, denies, document, ELSEWHERE, lets, type Parts, stateOf } from './estates.ts'

const asked = askForTests()
const MFA = { Bool: { 'aws:MultiFactorAuthPresent': 'true' } }

const holding = (...statements: readonly PolicyStatement[]): Parts => ({
  users: { ann: { policy: document(...statements) } },
})
const weakenedBy = (before: Parts, after: Parts) =>
  asked()
    .gained(before, after)
    .filter((each) => each.class === 'weakens-guardrail')
    .map(({ why }) => why)

describe('a guardrail that is gone is an escalation', () => {
  it('a second factor that is no longer asked for', () => {
    expect(
      weakenedBy(holding(allows('s3:DeleteObject', '*', MFA)), holding(allows('s3:DeleteObject'))),
    ).toEqual(['a second factor is no longer asked for'])
  })
  it('not where it is asked for anew, or was never', () => {
    expect(
      weakenedBy(holding(allows('s3:DeleteObject')), holding(allows('s3:DeleteObject', '*', MFA))),
    ).toEqual([])
    expect(weakenedBy(holding(), holding(allows('s3:DeleteObject')))).toEqual([])
  })
  describe('nor where a policy of a resource lets somebody in, whatever their own allow', () => {
    const BUCKET = 'arn:aws:s3:::pub'
    const state = (own: PolicyStatement, resources: Estate['resources']): Estate => {
      return {
        accounts: [
          stateOf({ users: { dan: { policy: document(own) } } }),
          { ...stateOf({}), account: { id: ELSEWHERE, partition: 'aws' } },
        ],
        organization: null,
        resources,
      }
    }
    const opened = (...who: readonly (readonly [string, object?])[]) =>
      new Map([
        resourceOf(
          BUCKET,
          ELSEWHERE,
          document(
            ...who.map(
              ([principal, condition]) =>
                ({
                  ...allows('s3:GetObject', `${BUCKET}/*`, condition),
                  Principal: { AWS: principal },
                }) as PolicyStatement,
            ),
          ),
        ),
      ])
    const DAN = arnOf('user/dan')
    const OTHER = `arn:aws:iam::${ELSEWHERE}:role/ci`
    const changed = (before: Estate, after: Estate) =>
      asked()
        .ofChange(before, after)
        .flatMap(({ escalations }) => escalations.map(({ why }) => why))
    it.each([
      ['a resource of another account', opened([OTHER])],
      ['one that is declared only now', new Map() as Estate['resources']],
    ])('%s', (_, resources) => {
      for (const own of [allows('s3:*'), allows('s3:*', '*', MFA)])
        expect(changed(state(own, resources), state(own, opened([OTHER], [DAN])))).toEqual([])
    })
    it('but where it asked for a factor itself', () => {
      const own = allows('s3:*')
      expect(changed(state(own, opened([DAN, MFA])), state(own, opened([DAN])))).toEqual([
        'a second factor is no longer asked for',
      ])
    })
  })
  it('a deny that is taken away', () => {
    const all = allows('s3:*')
    expect(weakenedBy(holding(all, denies('s3:DeleteBucket')), holding(all))).toEqual([
      'a deny no longer stands in the way: the inline policy own',
    ])
  })
  it('whose target is what no longer stands in the way', () => {
    const all = allows('s3:*')
    const guarded = (...guard: readonly PolicyStatement[]): Parts => ({
      users: { ann: { policy: document(all), managed: ['guard'] } },
      policies: { guard: document(allows('s3:ListBucket'), ...guard) },
    })
    const targetsOf = (before: Parts, after: Parts) =>
      asked()
        .gained(before, after)
        .filter((each) => each.class === 'weakens-guardrail')
        .map(({ why, target, targets }) => [why, target, targets])
    const guard = arnOf('policy/guard')
    expect(targetsOf(guarded(denies('s3:DeleteBucket')), guarded())).toEqual([
      ['a deny no longer stands in the way: policy/guard', guard, [guard]],
    ])
    const ann = arnOf('user/ann')
    expect(targetsOf(holding(all, denies('s3:DeleteBucket')), holding(all))).toEqual([
      ['a deny no longer stands in the way: the inline policy own', ann, [ann]],
    ])
    const controlled = (control: readonly PolicyStatement[]): Parts => ({ ...holding(all), control })
    expect(targetsOf(controlled([denies('s3:DeleteBucket')]), controlled([]))).toEqual([
      ['a deny no longer stands in the way: Guard', 'Guard', ['Guard']],
    ])
    expect(targetsOf(holding(allows('s3:*', '*', MFA)), holding(all))).toEqual([
      ['a second factor is no longer asked for', ann, [ann]],
    ])
  })
  it('and nobody known where a policy that isn’t known here must allow it as well', () => {
    const found = asked().gained(holding(allows('kms:Decrypt', '*', MFA)), holding(allows('kms:Decrypt')))
    expect(found.map(({ why, isPotential, target }) => [why, isPotential, target])).toEqual([
      ['a second factor is no longer asked for', true, null],
    ])
  })
  it('an external id that is no longer asked for', () => {
    const trusting = (condition?: object): Parts => ({
      roles: {
        vendor: {
          policy: document(allows('s3:GetObject')),
          trust: lets({ AWS: ELSEWHERE }, 'sts:AssumeRole', condition),
        },
      },
    })
    expect(weakenedBy(trusting({ StringEquals: { 'sts:ExternalId': 'agreed' } }), trusting())).toEqual([
      'an external id is no longer asked for',
    ])
  })
})

describe('tags of whoever asks', () => {
  const TEAM = { StringEquals: { 'aws:PrincipalTag/team': 'power' } }
  const tagged = (...more: readonly PolicyStatement[]): Parts => holding(allows('*', '*', TEAM), ...more)
  it('that somebody may give themselves are power', () => {
    const found = asked().gained(tagged(), tagged(allows('iam:TagUser')))
    expect(told(found).join('\n')).toContain('gives itself tags that policies ask for')
  })
  it('that somebody may give others only are none', () => {
    const found = asked().gained(tagged(), tagged(allows('iam:TagUser', 'arn:aws:iam::*:user/other')))
    expect(told(found)).toEqual([])
  })
})

it('the table speaks of actions as the catalogue spells them', async () => {
  const { spellingOf } = await loadActions()
  const actions = new Set([...WAYS.flatMap(({ needs }) => needs.flat()), ...SHARING_ACTIONS])
  expect([...actions].filter((action) => spellingOf(action) !== action)).toEqual([])
})
