import { describe, expect, it } from 'vitest'
import { MANIFEST_KINDS } from '../../src/kinds/manifest.ts'
import { declarationsOf } from '../../src/manifest/declarations.ts'
import {
  type AccountState,
  type GroupState,
  isAwsManagedPolicyArn,
  type PolicyDocument,
  type RoleState,
  type UserState,
} from '../../src/model/index.ts'
import { canonicalPolicy, statementsOf } from '../../src/policy/canonical.ts'
import { ACCOUNT } from '../arbitraries/policy.ts'
import { blueprintPair, desiredOf } from '../arbitraries/state.ts'
import fc from '../fixed-seed.ts'
import { knownJson } from '../known-json.ts'
import { sampleOf } from '../sample-size.ts'
import { converge, followed, planFor, stepsText, withWorld } from './world.ts'

const SEED: { readonly seed?: number; readonly path?: string } = {}
const DENY_ALL = 'arn:aws:iam::aws:policy/AWSDenyAll'

type Bounded = UserState | RoleState

/** Everything that lets a user or role do something: what only denies may come early and go late. */
function grantsOf(entity: Bounded | undefined, states: readonly AccountState[]): ReadonlySet<string> {
  if (entity === undefined) return new Set()
  const allowsOf = (name: string) =>
    states.flatMap(({ entities: { group: groups } }) => allowing(groups.get(name), states))
  return new Set([
    ...allowing(entity, states),
    ...('groups' in entity ? entity.groups : [])
      .filter((name) => allowsOf(name).length > 0)
      .map((name) => `group ${name}`),
  ])
}

/** The policies of an entity that allow something in one of the states. */
function allowing(
  entity: Bounded | GroupState | undefined,
  states: readonly AccountState[],
): readonly string[] {
  if (entity === undefined) return []
  const documentsOf = (arn: string) =>
    states.flatMap(({ entities: { policy: policies } }) =>
      [...policies.values()].filter((policy) => policy.arn === arn),
    )
  const isGrant = (arn: string) =>
    isAwsManagedPolicyArn(arn)
      ? arn !== DENY_ALL
      : documentsOf(arn).some(({ document }) => allows(knownJson(document)))
  return [
    ...entity.managedPolicies.filter(isGrant),
    ...[...entity.inlinePolicies]
      .filter(([, document]) => allows(knownJson(document)))
      .map(([name, document]) => `inline ${name} ${canonicalPolicy(knownJson(document), ACCOUNT)}`),
  ]
}

const allows = (document: PolicyDocument): boolean =>
  statementsOf(document).some(({ Effect }) => Effect === 'Allow')

const isWithin = (some: ReadonlySet<string>, all: ReadonlySet<string>): boolean =>
  [...some].every((each) => all.has(each))

/** @returns what is wrong with one entity in the middle of an apply, or null */
function wrongInBetween(
  [before, now, after]: readonly [Bounded | undefined, Bounded | undefined, Bounded | undefined],
  states: readonly AccountState[],
): string | null {
  if (now === undefined) return null
  const granted = grantsOf(before, states)
  const grants = grantsOf(now, states)
  const willGrant = grantsOf(after, states)
  if (!isWithin(grants, new Set([...granted, ...willGrant]))) return 'a grant of neither before nor after'
  const [had, has, willHave] = [before, now, after].map((each) => each?.permissionsBoundary ?? null)
  if (has !== had && has !== willHave && has !== DENY_ALL && !(has === null && grants.size === 0))
    return 'a boundary of neither before nor after'
  // Without a boundary, it may do only what it may without one before or after.
  if (has === null && had !== null && !isWithin(grants, willGrant)) return 'the boundary goes before a grant'
  if (has === null && willHave !== null && !isWithin(grants, granted))
    return 'a grant comes before the boundary'
  return null
}

describe('in between two steps', () => {
  it('nobody has a grant of neither before nor after, or lacks the boundary of a grant', async () => {
    await fc.assert(
      fc.asyncProperty(blueprintPair(), ([start, goal]) =>
        withWorld(async (world) => {
          await converge(world, desiredOf(start))
          const before = await world.observe()
          const { plan } = planFor(
            desiredOf(goal),
            before,
            declarationsOf(desiredOf(start), MANIFEST_KINDS.entities),
          )
          const { states } = await followed(plan, world)
          const after = states.at(-1)
          if (after === undefined) return
          for (const [step, now] of states.entries())
            for (const kind of ['user', 'role'] as const)
              for (const name of now.entities[kind].keys())
                expect(
                  wrongInBetween(
                    [
                      before.entities[kind].get(name),
                      now.entities[kind].get(name),
                      after.entities[kind].get(name),
                    ],
                    [before, now, after],
                  ),
                  `${kind} ${name} after step ${step} of\n${stepsText(plan)}`,
                ).toBeNull()
        }),
      ),
      { numRuns: sampleOf(40), ...SEED },
    )
  })
})
