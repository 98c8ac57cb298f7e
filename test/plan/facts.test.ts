import { describe, expect, test } from 'vitest'
import { SourceTexts } from '../../src/diagnostics/index.ts'
import { MANIFEST_KINDS } from '../../src/kinds/manifest.ts'
import { loadProject } from '../../src/manifest/load-project.ts'
import { type Facts, recalledFacts, recordFacts } from '../../src/model/index.ts'
import { alignedFacts, factChanges, sameFacts } from '../../src/plan/facts.ts'
import { painter } from '../../src/report/layout/paint.ts'
import { factLines } from '../../src/report/plans/plan-text.ts'
import { AWS } from '../manifest/sample.ts'
import { planOf } from './plan-of.ts'

const A = { id: '111122223333', partition: 'aws' } as const
const PROJECT = `version: 1
accounts:
  a: { id: "111122223333", manifests: [facts.yaml] }
  b: { id: "444455556666", manifests: [other.yaml] }
`

function factsOf(yaml: string) {
  const files = new Map([
    ['iam-sync.yaml', PROJECT],
    ['facts.yaml', yaml],
    ['other.yaml', ''],
  ])
  const { project, texts } = loadProject({ kinds: MANIFEST_KINDS, files, facts: AWS })
  const errors = project.diagnostics.filter(({ severity }) => severity === 'error')
  if (errors.length > 0) throw new Error(JSON.stringify(errors))
  return { project, texts }
}

/** As a journal gives them back. */
const recalled = (facts: Facts): Facts => recalledFacts(JSON.parse(JSON.stringify(recordFacts(facts))))

/** What is different for an account of a project that holds both, on a line each. */
function changed(before: string, now: string, id: string = A.id) {
  const standpoint = {
    account: { id, partition: A.partition },
    projectAccounts: new Set(['111122223333', '444455556666']),
  }
  return factChanges(recalled(factsOf(before).project), factsOf(now).project, standpoint).map(
    ({ kind, target, change }) => `${change} ${kind} ${target}`,
  )
}

const deny = (action: string) =>
  `{ Version: "2012-10-17", Statement: [{ Sid: No, Effect: Deny, Action: "${action}", Resource: "*" }] }`
const denyAll = (action: string) =>
  `{ Version: "2012-10-17", Statement: [{ Effect: Deny, Principal: "*", Action: "${action}", Resource: "*" }] }`

interface Shape {
  readonly guard?: string
  readonly root?: string
  readonly work?: string
  readonly data?: string
  readonly workAccounts?: string
  readonly otherAccounts?: string
}

const organization = ({
  guard = 's3:DeleteBucket',
  root = '[FullAWSAccess]',
  work = '[FullAWSAccess, guard]',
  data = '[]',
  workAccounts = '"111122223333": {}',
  otherAccounts = '"444455556666": {}, "999988887777": {}',
}: Shape = {}) => `organization:
  id: o-exampleorgid
  managementAccount: "999988887777"
  serviceControlPolicies: { guard: ${deny(guard)} }
  resourceControlPolicies: { fence: ${denyAll('s3:*')} }
  roots:
    Root:
      serviceControlPolicies: ${root}
      organizationalUnits:
        Work:
          serviceControlPolicies: ${work}
          resourceControlPolicies: ${data}
          accounts: { ${workAccounts} }
        Other: { accounts: { ${otherAccounts} } }
`
const bucket = (who: string, more = '') =>
  `resources: { "arn:aws:s3:::data": { ${more} policy: { Version: "2012-10-17", Statement: [{ Effect: Allow, Principal: { AWS: "${who}" }, Action: "s3:GetObject", Resource: "arn:aws:s3:::data/*" }] } } }\n`

describe('facts that are written down and read back', () => {
  test.each([
    ['none', ''],
    ['an organization', organization({ data: '[fence]', root: '[FullAWSAccess, guard]' })],
    ['a bucket', bucket('444455556666', 'tags: { team: x }, account: "444455556666",')],
    [
      'names that objects have too',
      'resources: { "arn:aws:s3:::data": { tags: { toString: x, constructor: y } } }\n',
    ],
  ])('are the same: %s', (_, yaml) => {
    const { project } = factsOf(yaml)
    expect(sameFacts(recalled(project), project, A)).toBe(true)
    expect(alignedFacts(recalled(project), project, A)).toBe(project)
    expect(recordFacts(recalled(project))).toEqual(recordFacts(project))
  })

  test('and another spelling of a policy is no change', () => {
    expect(changed(bucket('444455556666'), bucket('arn:aws:iam::444455556666:root'))).toEqual([])
  })
})

describe('what is different in facts', () => {
  test.each<[string, string, string, readonly string[]]>([
    [
      'a control policy says something else: at each place where it stands',
      organization({ root: '[FullAWSAccess, guard]' }),
      organization({ root: '[FullAWSAccess, guard]', guard: 's3:*' }),
      ['changed scp Root', 'changed scp Root/Work'],
    ],
    [
      'a control policy is attached and another detached',
      organization(),
      organization({ work: '[FullAWSAccess]', data: '[fence]' }),
      ['removed scp Root/Work', 'added rcp Root/Work'],
    ],
    [
      'what allows everything is detached',
      organization(),
      organization({ root: '[guard]' }),
      ['removed scp Root', 'added scp Root'],
    ],
    [
      'an account moves',
      organization(),
      organization({ workAccounts: '', otherAccounts: '"111122223333": {}, "999988887777": {}' }).replace(
        'accounts: {  }',
        'accounts: {}',
      ),
      ['changed organization o-exampleorgid'],
    ],
    [
      'an organization is declared',
      '',
      organization(),
      ['added organization o-exampleorgid', 'added scp Root/Work'],
    ],
    ['a resource is declared', '', bucket('444455556666'), ['added resourcePolicy arn:aws:s3:::data']],
    ['a resource goes', bucket('444455556666'), '', ['removed resourcePolicy arn:aws:s3:::data']],
    [
      'a resource has another policy, tag or owner',
      bucket('444455556666'),
      bucket('444455556666', 'tags: { team: x },'),
      ['changed resourcePolicy arn:aws:s3:::data'],
    ],
    [
      'a resource loses its policy',
      bucket('444455556666'),
      'resources: { "arn:aws:s3:::data": {} }\n',
      ['changed resourcePolicy arn:aws:s3:::data'],
    ],
  ])('%s', (_, before, now, expected) => {
    expect(changed(before, now)).toEqual(expected)
  })

  test('is told in the plan of the account that it concerns, and of all where it concerns none', () => {
    expect(changed(organization(), organization({ guard: 's3:*' }), '444455556666')).toEqual([])
    const owned = (who: string, owner: string) => bucket(who, `account: "${owner}",`)
    const now = owned('123456789012', '444455556666')
    expect(changed(owned('111122223333', '444455556666'), now)).toEqual([])
    expect(changed(owned('111122223333', '444455556666'), now, '444455556666')).toHaveLength(1)
    const outside = owned('123456789012', '777788889999')
    for (const id of ['111122223333', '444455556666'])
      expect(changed(owned('111122223333', '777788889999'), outside, id)).toHaveLength(1)
  })

  test('keeps the objects of now for what is as before', () => {
    const { project } = factsOf(organization() + bucket('444455556666'))
    const before = recalled(factsOf(organization() + bucket('123456789012')).project)
    const aligned = alignedFacts(before, project, A)
    expect(aligned.organization).toBe(project.organization)
    expect(aligned.resources.get('arn:aws:s3:::data')).toBe(before.resources.get('arn:aws:s3:::data'))
  })

  test('for people', async () => {
    const before = organization({ work: '[FullAWSAccess]' }) + bucket('444455556666')
    const now = organization({
      data: '[fence]',
      workAccounts: '"111122223333": {}, "123456789012": { name: new }',
    })
    const { project, texts } = factsOf(now)
    const standpoint = { account: A, projectAccounts: new Set(['111122223333', '444455556666']) }
    const facts = factChanges(recalled(factsOf(before).project), project, standpoint)
    await expect(`${factLines(facts, texts, painter(false)).join('\n')}\n`).toMatchFileSnapshot(
      'golden/facts-that-apply-does-not-write.txt',
    )
    expect(factLines([], new SourceTexts(), painter(false))).toEqual([])
  })
})

describe('a plan', () => {
  test('has facts in its digest, wherever they are declared, and not in its changes', () => {
    const plan = (facts: ReturnType<typeof factChanges>) =>
      planOf({ before: '', after: 'users: { ann: {} }', facts }).plan
    const standpoint = { account: A, projectAccounts: new Set([A.id]) }
    const between = (before: string, now: string) =>
      factChanges(recalled(factsOf(before).project), factsOf(now).project, standpoint)
    const [none, some] = [plan([]), plan(between('', bucket('444455556666')))]
    expect(some.facts).toHaveLength(1)
    expect(some.changes).toEqual(none.changes)
    expect(some.digest).not.toBe(none.digest)
    expect(plan(between('', bucket('123456789012'))).digest).not.toBe(some.digest)
    expect(plan(between('', `\n\n${bucket('444455556666')}`)).digest).toBe(some.digest)
  })
})
