import { hostname } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import type { AccountState } from '../../src/model/index.ts'
import type { Change } from '../../src/plan/plan.ts'
import { subjectOf } from '../../src/plan/plan.ts'
import { applyAccount } from '../../src/reconcile/apply-account.ts'
import { planAccount } from '../../src/reconcile/plan-account.ts'
import { declaredAfter, stillReviewed } from '../../src/reconcile/reviewed-plan.ts'
import { openWritable } from '../../src/target/local/open-local-target.ts'
import type { IamWriter, WritableTarget } from '../../src/target/ports.ts'
import { ACCOUNT } from '../arbitraries/policy.ts'
import { blueprintPair, desiredOf, TIGHT_QUOTAS } from '../arbitraries/state.ts'
import fc, { fixedBytes } from '../fixed-seed.ts'
import { sampleOf } from '../sample-size.ts'
import { temporaryFolder } from '../store/temporary-folder.ts'
import { applyOptions, FACTS, intentOf } from './world.ts'

const DOCUMENT = JSON.stringify({
  Version: '2012-10-17',
  Statement: { Effect: 'Deny', Action: 's3:ListBucket', Resource: '*' },
})

async function withTarget<T>(use: (target: WritableTarget) => Promise<T>): Promise<T> {
  const target = await openWritable({
    database: join(temporaryFolder(), 'account.db'),
    account: ACCOUNT,
    facts: FACTS,
    quotas: { ...TIGHT_QUOTAS },
    clock: () => Date.UTC(2026, 0, 1),
    randomBytes: fixedBytes,
  })
  try {
    return await use(target)
  } finally {
    await target.close()
  }
}

let entries = 0
const ports = { ...applyOptions(), clock: () => Date.UTC(2026, 0, 2) }
const request = async (
  goal: ReturnType<typeof desiredOf>,
  target: Pick<WritableTarget, 'iam' | 'journal'>,
) => {
  const intent = intentOf(goal)
  const { plan } = await planAccount(intent, target)
  return {
    intent,
    target,
    consented: plan,
    others: 'left' as const,
    entry: { id: `entry-${++entries}`, commit: null, dirty: null, actor: 'somebody' },
    process: { pid: process.pid, host: hostname() },
    lockTimeout: 0,
  }
}

/** Somebody else changes what a change is about; made without the planner. */
async function touch(
  iam: IamWriter,
  { action, kind, name }: Change,
  { entities }: AccountState,
): Promise<boolean> {
  const Tags = [{ Key: 'SomebodyElse', Value: 'was here' }]
  if (action === 'create') {
    if (kind === 'user') await iam.write('CreateUser', { UserName: name })
    else if (kind === 'group') await iam.write('CreateGroup', { GroupName: name })
    else if (kind === 'role')
      await iam.write('CreateRole', {
        RoleName: name,
        AssumeRolePolicyDocument: DOCUMENT.replace('"Resource":"*"', '"Principal":"*"').replace(
          's3:ListBucket',
          'sts:AssumeRole',
        ),
      })
    else if (kind === 'policy')
      await iam.write('CreatePolicy', { PolicyName: name, PolicyDocument: DOCUMENT })
    else return false
  } else if (kind === 'user') await iam.write('TagUser', { UserName: name, Tags })
  else if (kind === 'group')
    await iam.write('PutGroupPolicy', {
      GroupName: name,
      PolicyName: 'SomebodyElse',
      PolicyDocument: DOCUMENT,
    })
  else if (kind === 'role') await iam.write('TagRole', { RoleName: name, Tags })
  else if (kind === 'policy')
    await iam.write('TagPolicy', { PolicyArn: entities.policy.get(name)?.arn, Tags })
  else return false
  return true
}

const counted = (target: WritableTarget) => {
  const calls = { writes: 0 }
  const iam = {
    read: target.iam.read.bind(target.iam) as WritableTarget['iam']['read'],
    write: (async (operation, input) => {
      calls.writes++
      return target.iam.write(operation, input)
    }) as WritableTarget['iam']['write'],
  }
  return { calls, target: { iam, journal: target.journal } }
}

describe('a plan that was reviewed', () => {
  it('is applied when something else has changed; then nothing of it is left, and the whole converges', async () => {
    await fc.assert(
      fc.asyncProperty(blueprintPair(), ([start, goal]) =>
        withTarget(async (target) => {
          await applyAccount(await request(desiredOf(start), target), ports)
          const reviewed = await request(desiredOf(goal), target)
          // Nobody declares these, and no plan of before names them.
          await target.iam.write('CreateUser', { UserName: 'Stranger' })
          await target.iam.write('CreateGroup', { GroupName: 'Strangers' })
          await target.iam.write('AddUserToGroup', { UserName: 'Stranger', GroupName: 'Strangers' })
          const applied = await applyAccount(reviewed, ports)
          if (reviewed.consented.steps.length > 0)
            expect(applied).toMatchObject({
              type: 'applied',
              outcome: 'complete',
              verification: { type: 'verified' },
              plan: { digest: reviewed.consented.digest, steps: reviewed.consented.steps },
            })
          const subjects = new Set(reviewed.consented.changes.map(subjectOf))
          const rest = await request(desiredOf(goal), target)
          expect(rest.consented.changes.map(subjectOf).sort()).toEqual(['group/Strangers', 'user/Stranger'])
          expect(rest.consented.changes.some((change) => subjects.has(subjectOf(change)))).toBe(false)
          await applyAccount(rest, ports)
          expect((await planAccount(rest.intent, target)).plan.changes).toEqual([])
        }),
      ),
      { numRuns: sampleOf(8) },
    )
  })

  it('is stale when anything that it is about has changed: nothing is written', async () => {
    await fc.assert(
      fc.asyncProperty(blueprintPair(), fc.nat(), ([start, goal], pick) =>
        withTarget(async (target) => {
          await applyAccount(await request(desiredOf(start), target), ports)
          const { calls, target: counting } = counted(target)
          const reviewed = await request(desiredOf(goal), counting)
          const { changes } = reviewed.consented
          const change = changes[pick % changes.length]
          if (
            change === undefined ||
            !(await touch(target.iam, change, (await planAccount(reviewed.intent, target)).observed))
          )
            return
          const history = await target.journal.history()
          const outcome = await applyAccount(reviewed, ports)
          expect([outcome.type, calls.writes]).toEqual(['stale', 0])
          expect(await target.journal.history()).toEqual(history)
        }),
      ),
      { numRuns: sampleOf(12) },
    )
  })

  it('is not found in a plan of something else', async () => {
    await withTarget(async (target) => {
      const people = (...names: string[]) =>
        desiredOf({
          policies: {},
          groups: {},
          roles: {},
          users: Object.fromEntries(names.map((name) => [name, { path: '/' }])),
        })
      const intent = intentOf(people('alice', 'bob'))
      const both = await planAccount(intent, target)
      const { plan: alice } = await planAccount(intentOf(people('alice')), target)
      const found = stillReviewed(intent, both, alice)
      expect(found?.plan.steps).toEqual(alice.steps)
      expect(found?.leftOut.map(subjectOf)).toEqual(['user/bob'])
      expect(stillReviewed(intent, both, { ...alice, digest: both.plan.digest })).toBeNull()
      expect(stillReviewed(intent, both, { ...alice, changes: [] })).toBeNull()
      expect(
        stillReviewed(intentOf(people('bob')), await planAccount(intentOf(people('bob')), target), alice),
      ).toBeNull()
      expect(declaredAfter(intent, { 'user/zoe': {}, 'user/alice': { tags: ['a'] } }, alice)).toEqual({
        'user/zoe': {},
        'user/alice': {},
      })
    })
  })
})
