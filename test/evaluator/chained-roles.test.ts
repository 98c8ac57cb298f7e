// Random estates of roles that trust each other: whoever can be come to, session by session, is named, and nobody else.
import { expect, it } from 'vitest'
import { chainedRoles } from '../../src/evaluator/estate/chained-roles.ts'
import { createEvaluator } from '../../src/evaluator/estate/evaluator.ts'
import type { PolicyDocument } from '../../src/model/index.ts'
import { revocationDocument } from '../../src/policy/revocation.ts'
import { sampleOf } from '../sample-size.ts'
import { accountOf, allow, deny, document, estateWith, FACTS, grant, HOME, OTHER } from './estate-world.ts'
import { Random } from './random-cases.ts'
import { SEED } from './seed.ts'

const NAMES = ['a', 'b', 'c', 'd']
const ACCOUNTS = [HOME, OTHER]
const arnOf = (account: string, name: string) => `arn:aws:iam::${account}:role/${name}`
const sessionOf = (account: string, name: string) => `arn:aws:sts::${account}:assumed-role/${name}/work`
const ROLES = ACCOUNTS.flatMap((account) =>
  NAMES.map((name) => ({ account, name, arn: arnOf(account, name) })),
)
const SECRET = { Condition: { StringEquals: { 'sts:ExternalId': 'secret' } } }
/** What anybody could ask with. */
const CONTEXTS = [new Map<string, readonly string[]>(), new Map([['sts:ExternalId', ['secret']]])]

function trustOf(random: Random): PolicyDocument {
  const { account, name, arn } = random.pick(ROLES)
  const principal = random.pick([
    arn,
    arn,
    sessionOf(account, name),
    `arn:aws:iam::${random.pick(ACCOUNTS)}:root`,
    'arn:aws:iam::999999999999:root',
    random.pick(ACCOUNTS),
    '*',
  ])
  const statements = [grant({ AWS: principal }, 'sts:AssumeRole', random.chance(0.3) ? SECRET : {})]
  if (random.chance(0.3)) {
    const { Resource: _, ...refusing } = deny('sts:AssumeRole', {
      Principal: { AWS: random.pick(ROLES).arn },
    })
    statements.push(refusing)
  }
  return document(...statements)
}

function policyOf(random: Random): PolicyDocument {
  const { account, name } = random.pick(ROLES)
  const resource = random.pick(['*', arnOf(account, name), `arn:aws:iam::${account}:role/*`])
  return document(
    allow(random.pick(['sts:AssumeRole', 'sts:*', 's3:*']), { Resource: resource }),
    ...(random.chance(0.2) ? [deny('sts:AssumeRole', { Resource: arnOf(account, name) })] : []),
  )
}

it('random estates', async () => {
  const random = new Random(SEED)
  let named = 0
  for (let round = 0; round < sampleOf(150); round++) {
    const accounts = ACCOUNTS.map((id) =>
      accountOf(
        id,
        {},
        Object.fromEntries(NAMES.map((name) => [name, { trust: trustOf(random), policy: policyOf(random) }])),
      ),
    )
    const estate = estateWith(accounts)
    const evaluator = await createEvaluator(estate, FACTS)
    const may = ({ account, name }: (typeof ROLES)[number], resource: string): boolean =>
      CONTEXTS.some((context) => {
        const answered = evaluator.evaluate({
          principal: sessionOf(account, name),
          action: 'sts:AssumeRole',
          resource,
          context,
        })
        return answered.answer?.decision === 'allow'
      })
    const [first] = ROLES
    if (first === undefined) throw new Error('nobody')
    const reached = new Set<(typeof ROLES)[number]>()
    const asked = [first]
    for (const from of asked)
      for (const role of ROLES)
        if (!reached.has(role) && may(from, role.arn)) {
          reached.add(role)
          asked.push(role)
        }
    const expected = [...reached].map(({ arn }) => arn).sort()
    const found = await chainedRoles(estate, FACTS, first.arn)
    expect(found.map(({ arn }) => arn).sort(), `round ${round}`).toEqual(expected)
    named += found.length

    // What has ended the sessions of all of them takes nobody off the list.
    const ended = accounts.map((state) => ({
      ...state,
      entities: {
        ...state.entities,
        role: new Map(
          [...state.entities.role].map(([name, role]) => {
            const json = revocationDocument('2029-01-01T00:00:00.000Z')
            const inlinePolicies = new Map([
              ...role.inlinePolicies,
              ['AWSRevokeOlderSessions', { json, located: null }],
            ] as const)
            return [name, { ...role, inlinePolicies }] as const
          }),
        ),
      },
    }))
    if (round % 10 === 0)
      expect(await chainedRoles(estateWith(ended), FACTS, first.arn), `round ${round}`).toEqual(found)
  }
  console.info(`${named} roles named`)
  expect(named).toBeGreaterThan(20)
})
