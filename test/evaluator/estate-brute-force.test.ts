import { beforeAll, describe, expect, it } from 'vitest'
import { loadManagedPolicies } from '../../src/catalog/managed-policies.ts'
import { declaredEstate } from '../../src/checks/declared-estate.ts'
import type { EstateQuestion } from '../../src/evaluator/estate/estate-question.ts'
import { createEvaluator, type Evaluator } from '../../src/evaluator/estate/evaluator.ts'
import { MANIFEST_KINDS } from '../../src/kinds/manifest.ts'
import { loadProject } from '../../src/manifest/load-project.ts'
import { type Estate, rootArn } from '../../src/model/index.ts'
import { readDirectory } from '../../src/source/directory.ts'
import { sampleOf } from '../sample-size.ts'
import { Random } from './random-cases.ts'

const ACTIONS: Readonly<Record<string, readonly string[]>> = {
  s3: ['s3:GetObject', 's3:PutObject', 's3:DeleteObject', 's3:ListBucket'],
  kms: ['kms:Decrypt', 'kms:DescribeKey'],
  iam: ['iam:PassRole', 'iam:CreateUser', 'iam:CreateAccessKey'],
  sts: ['sts:AssumeRole', 'sts:TagSession'],
}

/** Keys that nothing settles, with values that policies of the examples ask for and others. */
const OPEN: Readonly<Record<string, readonly string[]>> = {
  'aws:MultiFactorAuthPresent': ['true', 'false'],
  'aws:SourceIp': ['10.0.0.1', '203.0.113.7', '8.8.8.8'],
  'aws:SecureTransport': ['true', 'false'],
  'aws:SourceVpce': ['vpce-1'],
  'sts:ExternalId': ['x'],
  'iam:PassedToService': ['ec2.amazonaws.com', 'lambda.amazonaws.com'],
}

interface World {
  readonly evaluator: Evaluator
  readonly principals: readonly string[]
  readonly asked: readonly { readonly action: string; readonly resource: string }[]
}

function principalsOf({ accounts }: Estate): readonly string[] {
  return accounts.flatMap(({ account, entities: { user: users, role: roles } }) => [
    rootArn(account),
    ...[...users.values(), ...roles.values()].map(({ arn }) => arn),
  ])
}

async function worldOf(folder: string, resources: readonly string[]): Promise<World> {
  const managed = await loadManagedPolicies()
  const { project } = loadProject({
    kinds: MANIFEST_KINDS,
    files: readDirectory(folder).files,
    facts: managed,
  })
  const estate = declaredEstate(project)
  const evaluator = await createEvaluator(estate, {
    documentOf: (arn) => managed.document(arn),
    now: new Date('2026-03-01T12:00:00Z'),
  })
  const roles = estate.accounts.flatMap((state) => [...state.entities.role.values()].map(({ arn }) => arn))
  const asked = [
    ...resources.flatMap((resource) =>
      (ACTIONS[resource.split(':')[2] ?? ''] ?? []).map((action) => ({ action, resource })),
    ),
    ...roles
      .slice(0, 6)
      .flatMap((resource) =>
        ['iam:PassRole', 'sts:AssumeRole', 'sts:TagSession'].map((action) => ({ action, resource })),
      ),
    { action: 's3:ListAllMyBuckets', resource: '*' },
    { action: 'ec2:DescribeInstances', resource: '*' },
  ]
  return { evaluator, principals: principalsOf(estate), asked }
}

function contextOf(random: Random): EstateQuestion['context'] {
  const entries = Object.entries(OPEN).filter(() => random.chance(0.4))
  return new Map(entries.map(([key, values]) => [key, [random.pick(values)]]))
}

const decisionOf = (evaluator: Evaluator, question: EstateQuestion): string | null =>
  evaluator.evaluate(question).answer?.decision ?? null

describe.each([
  [
    'examples/organization',
    [
      'arn:aws:s3:::reports-lake/2026/sales.csv',
      'arn:aws:s3:::reports-lake',
      'arn:aws:kms:eu-west-1:111122223333:key/lake',
    ],
  ],
  ['examples/acme', ['arn:aws:s3:::acme-data/x', 'arn:aws:iam::111122223333:user/x']],
] as const)('the estate of %s', (folder, resources) => {
  const random = new Random(20_260_301)
  let world: World
  beforeAll(async () => {
    world = await worldOf(folder, resources)
  })

  it('is asked many questions at once with the decisions of one by one', () => {
    const { evaluator, principals, asked } = world
    const questions = [...principals, 'lambda.amazonaws.com', '*', 'role/nobody', 'nonsense:x'].flatMap(
      (principal) => asked.map((each) => ({ ...each, principal, context: contextOf(random) })),
    )
    const decided = evaluator.evaluateMany(questions)
    expect(decided.map(({ decision }) => decision)).toEqual(
      questions.map((question) => decisionOf(evaluator, question)),
    )
    const kinds = new Set(decided.map(({ decision }) => decision))
    expect(kinds).toEqual(new Set(['allow', 'explicit_deny', 'implicit_deny', null]))
  })

  it('says of each principal who can do something what evaluating it says', () => {
    const { evaluator, principals, asked } = world
    const seen = { allow: 0, conditional: 0, unknown: 0, none: 0 }
    for (const each of asked) {
      const { grants } = evaluator.whoCan({ ...each, context: new Map() })
      const granted = new Map(grants.map((grant) => [grant.principal, grant]))
      for (const principal of principals) {
        const grant = granted.get(principal)
        seen[grant?.decision ?? 'none']++
        const contexts = Array.from({ length: sampleOf(12) }, () => contextOf(random))
        const decisions = contexts.map((context) => decisionOf(evaluator, { ...each, principal, context }))
        const shown = `${each.action} on ${each.resource} by ${principal}`
        if (grant === undefined) expect(decisions, shown).not.toContain('allow')
        else if (grant.decision === 'allow') expect(new Set(decisions), shown).toEqual(new Set(['allow']))
        else if (grant.decision === 'conditional') {
          const example = Object.entries(grant.conditions?.example ?? {})
          const context = new Map(example.map(([key, value]) => [key, [value].flat()]))
          expect(decisionOf(evaluator, { ...each, principal, context }), shown).toBe('allow')
        }
      }
    }
    expect(Object.values(seen).filter((count) => count > 0).length).toBeGreaterThan(2)
  })
})
