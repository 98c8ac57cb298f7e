import { describe, expect, it } from 'vitest'
import {
  bucket,
  changed,
  difference,
  grants,
  HOME,
  holds,
  inline,
  nobodyMay,
  noNewAccess,
  notPublic,
  principalsOf,
  reads,
  statement,
} from './estate-questions.ts'

const ALICE = `arn:aws:iam::${HOME}:user/alice`
const people = { users: { alice: inline(grants('s3:*')) } }
const everywhere = ['arn:aws:s3:::c', 'arn:aws:s3:::c/*']
const onlyByTls = statement('Deny', {
  Principal: '*',
  Action: 's3:*',
  Resource: everywhere,
  Condition: { Bool: { 'aws:SecureTransport': 'false' } },
})
const c = (...statements: readonly ReturnType<typeof statement>[]) => ({
  ...people,
  resources: bucket('c', ...statements),
})

describe('a resource that is declared on one side of a comparison only', () => {
  it('a deny: who reached it loses what is denied, and nobody gains', async () => {
    const folder = await changed(people, c(onlyByTls))
    const { gained, lost } = await difference(folder)
    expect(principalsOf(gained)).toEqual([])
    expect(principalsOf(lost)).toEqual([ALICE])
    expect(lost.every(({ witness }) => witness.context['aws:SecureTransport'] !== undefined)).toBe(true)
    expect(await noNewAccess(folder)).toBe(true)
  })
  it('a deny that is no longer declared: they gain it', async () => {
    const folder = await changed(c(onlyByTls), people)
    const { gained, lost } = await difference(folder)
    expect(principalsOf(gained)).toEqual([ALICE])
    expect(principalsOf(lost)).toEqual([])
    expect(await noNewAccess(folder)).toBe(false)
  })
  it('a deny of one action to one user', async () => {
    const denied = statement('Deny', {
      Principal: { AWS: ALICE },
      Action: 's3:PutObject',
      Resource: 'arn:aws:s3:::c/*',
    })
    const { gained, lost } = await difference(await changed(people, c(denied)))
    expect(principalsOf(gained)).toEqual([])
    expect(lost.flatMap(({ actions }) => actions)).toEqual(['s3:PutObject'])
  })
  it('an allow for the account, to whom identity policies give it already', async () => {
    const allowed = reads('c', { AWS: HOME }, { Bool: { 'aws:SecureTransport': 'true' } })
    const folder = await changed(people, c(allowed))
    expect((await difference(folder)).gained).toEqual([])
    expect(await noNewAccess(folder)).toBe(true)
  })
  it('an allow for everybody beside a user who reads everything', async () => {
    const reader = { users: { ann: { managedPolicies: ['ReadOnlyAccess'] } } }
    const folder = await changed(reader, { ...reader, resources: bucket('c', reads('c', '*')) })
    expect(principalsOf((await difference(folder)).gained)).toEqual(['account:*', 'anonymous', 'service:*'])
    expect(await noNewAccess(folder)).toBe(false)
    expect(await notPublic(folder)).toBe(false)
  })
  it('an allow for one account outside beside a user who reads everything', async () => {
    const reader = { users: { ann: { managedPolicies: ['ReadOnlyAccess'] } } }
    const folder = await changed(reader, {
      ...reader,
      resources: bucket('c', reads('c', { AWS: '444455556666' })),
    })
    expect(principalsOf((await difference(folder)).gained)).toEqual(['account:444455556666'])
  })
  it('an allow for a user who had none', async () => {
    const nobody = { users: { alice: {} } }
    const folder = await changed(nobody, { ...nobody, resources: bucket('c', reads('c', { AWS: ALICE })) })
    expect(principalsOf((await difference(folder)).gained)).toEqual([ALICE])
    expect(await nobodyMay(folder, 's3:GetObject')).toBe(false)
    expect(await holds(folder, '--no-public-access')).toBe(true)
  })
})
