// Whoever holds a credential acts as its user: that one is made is nothing that a reviewer may be told is quiet.
import { expect, it } from 'vitest'
import { SourceTexts } from '../../src/diagnostics/index.ts'
import type { Plan } from '../../src/plan/plan.ts'
import { planJson } from '../../src/report/plans/plan-json.ts'
import { planCounts, verdictOf } from '../../src/report/review/verdict.ts'
import { commentOf } from '../../src/review/comment-of.ts'
import { recordedResult } from '../../src/review/recorded/recorded-result.ts'
import { recordedReview } from '../../src/review/recorded/recorded-review.ts'
import { converge, intentOf, planIn, withListed } from './listed.ts'
import { madeCertificate, madeMetadata } from './made-certificates.ts'
import { SSH_KEYS } from './ssh-keys.ts'

const having = (keys: object, more: object = {}) =>
  intentOf({ users: { ada: { sshPublicKeys: keys, ...more } } })
const LAPTOP = { laptop: { body: SSH_KEYS[0] } }
const INACTIVE = { laptop: { body: SSH_KEYS[0], status: 'inactive' } }

const verdict = (plan: Plan) => {
  const { level, counts } = verdictOf([planCounts(plan, null)], [], [], 'no access changes')
  return { level, counts }
}

/** Of the plan's JSON, as of one that changes nobody's access. */
function ofJson(plan: Plan) {
  const access = { verdict: 'none', gained: [], lost: [], unknown: [], escalations: [] }
  const json = { ...planJson(plan, new SourceTexts(new Map())), access }
  const result = recordedResult(
    JSON.parse(JSON.stringify({ formatVersion: '1.0', plans: [json], diagnostics: [] })),
  )
  if ('why' in result) throw new Error(result.why)
  const review = recordedReview(result)
  const key = { project: '.', accounts: [], tag: null, origin: 'run' } as const
  const { counts } = commentOf(review, { key, folder: null, commit: 'c0ffee', link: null, fails: false })
  return { level: review.verdict.level, credentials: counts.credentials, deletes: counts.deletes }
}

it.each([
  ['is made', {}, LAPTOP],
  ['is put out of use', LAPTOP, INACTIVE],
  ['is put back in use', INACTIVE, LAPTOP],
])('a credential that %s is counted, and never green', (_, before, after) =>
  withListed(async (world) => {
    await converge(world, having(LAPTOP))
    await converge(world, having(before))
    const { plan } = await planIn(world, having(after))
    expect(plan.changes).toHaveLength(1)
    expect(verdict(plan)).toEqual({ level: 'caution', counts: [[1, 'credentials']] })
    expect(ofJson(plan)).toEqual({ level: 'caution', credentials: 1, deletes: 0 })
  }),
)

it.each([
  ['is made', {}, { ci: {} }],
  ['is put out of use', { ci: {} }, { ci: { status: 'inactive' } }],
])('so is an access key that %s', (_, before, after) =>
  withListed(async (world) => {
    await converge(world, intentOf({ users: { ada: { accessKeys: before } } }))
    const { plan } = await planIn(world, intentOf({ users: { ada: { accessKeys: after } } }))
    expect(plan.changes).toHaveLength(1)
    expect(verdict(plan)).toEqual({ level: 'caution', counts: [[1, 'credentials']] })
    expect(ofJson(plan)).toEqual({ level: 'caution', credentials: 1, deletes: 0 })
  }),
)

it.each([
  ['is wanted', {}, { loginProfile: { passwordResetRequired: true } }],
  [
    'need not be changed',
    { loginProfile: { passwordResetRequired: true } },
    { loginProfile: { passwordResetRequired: false } },
  ],
])('a password that %s is one, too', (_, before, after) =>
  withListed(async (world) => {
    await converge(world, intentOf({ users: { ada: before } }))
    const { plan } = await planIn(world, intentOf({ users: { ada: after } }))
    expect(verdict(plan)).toEqual({ level: 'caution', counts: [[1, 'credentials']] })
    expect(ofJson(plan)).toEqual({ level: 'caution', credentials: 1, deletes: 0 })
  }),
)

const HOST = 'token.actions.githubusercontent.com'
const SIGNING = madeCertificate({ subject: 'idp.example' })
const IDP = { metadata: madeMetadata({ certificates: [SIGNING] }) }
it.each([
  [
    'accepts tokens for another client',
    { oidcProviders: { [HOST]: { clientIds: ['a'] } } },
    { oidcProviders: { [HOST]: { clientIds: ['a', 'b'] } } },
  ],
  [
    'is another by its metadata',
    { samlProviders: { corp: IDP } },
    {
      samlProviders: {
        corp: { metadata: madeMetadata({ issuer: 'https://other.example', certificates: [SIGNING] }) },
      },
    },
  ],
  ['is new', {}, { samlProviders: { corp: IDP } }],
])('an identity provider that %s says by whose word somebody signs in', (_, before, after) =>
  withListed(async (world) => {
    await converge(world, intentOf(before))
    const { plan } = await planIn(world, intentOf(after))
    expect(plan.changes).toHaveLength(1)
    expect(verdict(plan)).toEqual({ level: 'caution', counts: [[1, 'credentials']] })
    expect(ofJson(plan)).toEqual({ level: 'caution', credentials: 1, deletes: 0 })
  }),
)

const ROLE = {
  trustPolicy: {
    Version: '2012-10-17',
    Statement: [{ Effect: 'Allow', Principal: { Service: 'ec2.amazonaws.com' }, Action: 'sts:AssumeRole' }],
  },
}
it('instances that run with a profile have the credentials of another role, once it is in it', () =>
  withListed(async (world) => {
    const having = (role: string) =>
      intentOf({ roles: { a: ROLE, b: ROLE }, instanceProfiles: { web: { role } } })
    await converge(world, having('a'))
    const { plan } = await planIn(world, having('b'))
    expect(ofJson(plan)).toEqual({ level: 'caution', credentials: 1, deletes: 0 })
  }))

it('a password that goes is none', () =>
  withListed(async (world) => {
    await converge(world, intentOf({ users: { ada: { loginProfile: { passwordResetRequired: true } } } }))
    const { plan } = await planIn(world, intentOf({ users: { ada: { loginProfile: null } } }))
    expect(plan.changes).toHaveLength(1)
    expect(ofJson(plan)).toEqual({ level: 'quiet', credentials: 0, deletes: 0 })
  }))

it('one that goes is a deletion, and what is no credential counts as none', () =>
  withListed(async (world) => {
    await converge(world, having(LAPTOP))
    const gone = await planIn(world, having({}))
    expect(ofJson(gone.plan)).toEqual({ level: 'caution', credentials: 0, deletes: 1 })
    const tagged = await planIn(world, having(LAPTOP, { tags: { team: 'a' } }))
    expect(verdict(tagged.plan)).toEqual({ level: 'quiet', counts: [] })
    expect(ofJson(tagged.plan)).toEqual({ level: 'quiet', credentials: 0, deletes: 0 })
  }))
