import { beforeAll, describe, expect, test } from 'vitest'
import { type ActionFacts, loadActions } from '../../src/catalog/actions.ts'
import { loadManagedPolicies } from '../../src/catalog/managed-policies.ts'
import { declaredEstate } from '../../src/checks/declared-estate.ts'
import { createEvaluator } from '../../src/evaluator/estate/evaluator.ts'
import { MANIFEST_KINDS } from '../../src/kinds/manifest.ts'
import { loadProject } from '../../src/manifest/load-project.ts'
import { matchesPattern } from '../../src/model/name-pattern.ts'
import { temporaryFolder } from '../source/folders.ts'
import { runHere } from './in-process.ts'
import { jsonOf } from './run.ts'

const FILES = {
  'iam-sync.yaml': 'version: 1\naccounts:\n  production: { id: "111122223333" }\n',
  'access.yaml': `users:
  reader: { managedPolicies: [read] }
  writer: { managedPolicies: [read, write] }
  limited: { managedPolicies: [write], permissionsBoundary: read }
  denied: { managedPolicies: [write, no-deletes] }
  careful: { managedPolicies: [with-mfa] }
  other: {}
policies:
  read:
    document:
      Version: "2012-10-17"
      Statement: { Sid: Read, Effect: Allow, Action: "s3:Get*", Resource: "arn:aws:s3:::data/*" }
  write:
    document:
      Version: "2012-10-17"
      Statement: { Sid: Write, Effect: Allow, Action: "s3:*Object", Resource: "arn:aws:s3:::data/in/*" }
  no-deletes:
    document:
      Version: "2012-10-17"
      Statement: { Effect: Deny, Action: "s3:Delete*", Resource: "*" }
  with-mfa:
    document:
      Version: "2012-10-17"
      Statement:
        - Sid: Mfa
          Effect: Allow
          Action: s3:DeleteObject
          Resource: arn:aws:s3:::data/*
          Condition: { Bool: { aws:MultiFactorAuthPresent: "true" } }
resources:
  arn:aws:s3:::shared:
    policy:
      Version: "2012-10-17"
      Statement:
        - Effect: Allow
          Principal: { AWS: "arn:aws:iam::111122223333:user/other" }
          Action: s3:GetObject
          Resource: arn:aws:s3:::shared/*
        - Effect: Allow
          Principal: { AWS: "444455556666" }
          Action: s3:GetObject
          Resource: arn:aws:s3:::shared/open/*
`,
}
/** One of each kind that the policies tell apart. */
const RESOURCES = [
  'arn:aws:s3:::data/x',
  'arn:aws:s3:::data/in/x',
  'arn:aws:s3:::shared/x',
  'arn:aws:s3:::shared/open/x',
  'arn:aws:s3:::elsewhere/x',
]

const folder = temporaryFolder(FILES)
const whoCan = (...args: readonly string[]) => runHere('who-can', ...args, '--dir', folder)

describe('who-can with patterns', () => {
  let actions: ActionFacts
  let ask: (action: string, resource: string) => readonly string[]

  beforeAll(async () => {
    actions = await loadActions()
    const facts = await loadManagedPolicies()
    const { project } = loadProject({ kinds: MANIFEST_KINDS, files: new Map(Object.entries(FILES)), facts })
    const evaluator = await createEvaluator(declaredEstate(project), {
      documentOf: facts.document,
      now: new Date(Date.UTC(2026, 0, 1)),
    })
    ask = (action, resource) =>
      evaluator.whoCan({ action, resource, context: new Map() }).grants.map(({ principal }) => principal)
  })

  test.each([
    ['s3:Delete*', 'arn:aws:s3:::data/*'],
    ['s3:GetObject', 'arn:aws:s3:::*/x'],
    ['s3:*Object', 'arn:aws:s3:::data/in/*'],
    ['s3:GetObject', 'arn:aws:s3:::shared/*'],
    ['s3:GetObject', 'arn:aws:s3:::shared/open/?'],
    ['s3:PutObject', 'arn:aws:s3:::data/?'],
    ['s3:Put?bject', 'arn:aws:s3:::elsewhere/x'],
  ])('%s on %s: whom one question after the other finds', async (action, resource) => {
    const expected = new Set<string>()
    for (const each of actions.actionsMatching(action))
      for (const one of RESOURCES)
        if (matchesPattern(resource.toLowerCase(), one))
          for (const principal of ask(each, one)) expected.add(principal)
    const ran = await whoCan(action, resource, '--json')
    const { grants } = jsonOf(ran)
    const found = new Set(grants.map(({ principal }: { principal: string }) => principal))
    expect([ran.code, [...found].sort()]).toEqual([0, [...expected].sort()])
    for (const grant of grants) {
      expect(matchesPattern(action.toLowerCase(), grant.action.toLowerCase())).toBe(true)
      expect(matchesPattern(resource.toLowerCase(), grant.resource)).toBe(true)
    }
  })

  test('all actions of a statement are listed, not those of one type of resource', async () => {
    const files = {
      'iam-sync.yaml': FILES['iam-sync.yaml'],
      'access.yaml': 'users: { boss: { managedPolicies: [AdministratorAccess] } }\n',
    }
    const ran = await runHere('who-can', 'iam:*', '*', '--dir', temporaryFolder(files), '--json')
    const listed = jsonOf(ran).grants.flatMap((grant: { principal: string; actions: readonly string[] }) =>
      grant.principal.endsWith('/boss') ? grant.actions : [],
    )
    expect(listed.sort()).toEqual(actions.actionsMatching('iam:*').toSorted())
  })

  test('JSON says by which statement, when, and for example what', async () => {
    const { grants } = jsonOf(await whoCan('s3:Delete*', 'arn:aws:s3:::data/*', '--json'))
    const careful = grants.find(({ principal }: { principal: string }) => principal.endsWith('/careful'))
    expect(careful).toEqual({
      principal: 'arn:aws:iam::111122223333:user/careful',
      decision: 'conditional',
      via: [
        {
          layer: 'identity',
          policy: 'arn:aws:iam::111122223333:policy/with-mfa',
          sid: 'Mfa',
          file: 'access.yaml',
          line: 25,
        },
      ],
      conditions: {
        when: [{ Bool: { 'aws:MultiFactorAuthPresent': ['true'] } }],
        unless: [],
        example: {
          'aws:MultiFactorAuthPresent': 'true',
          'aws:TokenIssueTime': '2030-01-01T00:00:00Z',
        },
      },
      action: 's3:DeleteObject',
      resource: 'arn:aws:s3:::data/example',
      actions: ['s3:DeleteObject'],
      tier: 'typed',
    })
    expect(grants.map(({ principal }: { principal: string }) => principal)).toEqual(
      grants.map(({ principal }: { principal: string }) => principal).toSorted(),
    )
  })

  test('of whom the own account is not known nothing is certain, in either form', async () => {
    const outside = 'account:444455556666'
    for (const resource of ['arn:aws:s3:::shared/open/x', 'arn:aws:s3:::shared/open/?']) {
      const { grants } = jsonOf(await whoCan('s3:GetObject', resource, '--json'))
      const decided = grants.filter(({ principal }: { principal: string }) => principal === outside)
      expect(decided.map(({ decision }: { decision: string }) => decision)).toEqual(['unknown'])
    }
    const { out, code } = await whoCan('s3:GetObject', 'arn:aws:s3:::shared/open/?')
    expect(out).toContain('principals, 1 of accounts whose own policies are not known')
    expect(code).toBe(0)
  })

  test('text merges those who are alike', async () => {
    const { out } = await whoCan('s3:Delete*', 'arn:aws:s3:::data/*')
    expect(out).toContain('who can s3:Delete* on arn:aws:s3:::data/*\n\n+ root\n')
    expect(out).toContain(
      `+ user/careful
    s3  write 1 (DeleteObject)
      on arn:aws:s3:::data/*  when aws:MultiFactorAuthPresent = true  from access.yaml:25
      e.g. s3:DeleteObject arn:aws:s3:::data/example
      with aws:MultiFactorAuthPresent=true aws:TokenIssueTime=2030-01-01T00:00:00Z  [verified]
`,
    )
    expect(out).toMatch(/\n3 principals\n$/)
    expect(
      (await whoCan('s3:DeleteO*', 'arn:aws:s3:::data/*', '--context', 'aws:MultiFactorAuthPresent=false'))
        .out,
    ).not.toContain('careful')
  })
})

test('a time that is asked about is the time of all requests, in both forms', async () => {
  const folder = temporaryFolder({
    'iam-sync.yaml': FILES['iam-sync.yaml'],
    'access.yaml': `users:
  later: { inlinePolicies: { own: ${ofTime('DateGreaterThan')} } }
  earlier: { inlinePolicies: { own: ${ofTime('DateLessThan')} } }
`,
  })
  const names = async (action: string, ...more: readonly string[]) => {
    const { out } = await runHere(
      'who-can',
      action,
      'arn:aws:s3:::data/x',
      '--json',
      '--dir',
      folder,
      ...more,
    )
    const { grants } = JSON.parse(out) as { readonly grants: readonly { readonly principal: string }[] }
    return grants.flatMap(({ principal }) => principal.split(':user/').slice(1))
  }
  for (const action of ['s3:GetObject', 's3:GetObjec?']) {
    expect(await names(action)).toEqual(['earlier', 'later'])
    expect(await names(action, '--at', '2089-06-01')).toEqual(['earlier'])
    expect(await names(action, '--at', '2091-06-01')).toEqual(['later'])
  }
})

const ofTime = (operator: string): string =>
  JSON.stringify({
    Version: '2012-10-17',
    Statement: {
      Effect: 'Allow',
      Action: 's3:GetObject',
      Resource: '*',
      Condition: { [operator]: { 'aws:CurrentTime': '2090-01-01T00:00:00Z' } },
    },
  })
