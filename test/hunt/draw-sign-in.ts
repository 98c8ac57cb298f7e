// How whoever asks has signed in: conditions on it, put into policies that are drawn already, and what requests say of it.
import { isOpenToTemporary } from '../../src/evaluator/module/action-facts.ts'
import type { ConditionBlock, PolicyStatement } from '../../src/model/index.ts'
import type { Random } from '../evaluator/random-cases.ts'
import type { EstatePair } from './estate-spec.ts'
import type { Requester } from './requesters.ts'

const PRESENT = 'aws:MultiFactorAuthPresent'
const AGE = 'aws:MultiFactorAuthAge'
const ISSUED = 'aws:TokenIssueTime'

/** As policies ask for it. */
const FOR_ALLOWS: readonly ConditionBlock[] = [
  { Bool: { [PRESENT]: 'true' } },
  { Bool: { [PRESENT]: 'true' } },
  { BoolIfExists: { [PRESENT]: 'true' } },
  { Bool: { [PRESENT]: 'false' } },
  { Null: { [PRESENT]: 'false' } },
  { Null: { [PRESENT]: 'true' } },
  { NumericLessThan: { [AGE]: '3600' } },
  { NumericGreaterThanEquals: { [AGE]: '3600' } },
  { Null: { [AGE]: 'false' }, Bool: { [PRESENT]: 'false' } },
  { Null: { [ISSUED]: 'true' }, Bool: { [PRESENT]: 'true' } },
]
const FOR_DENIES: readonly ConditionBlock[] = [
  { BoolIfExists: { [PRESENT]: 'false' } },
  { BoolIfExists: { [PRESENT]: 'false' } },
  { Bool: { [PRESENT]: 'false' } },
  { Null: { [PRESENT]: 'true' } },
  { Null: { [AGE]: 'true' } },
  { NumericGreaterThanIfExists: { [AGE]: '3600' } },
  { Null: { [ISSUED]: 'true' } },
]

/** Some statements ask how somebody signed in: in both states, or from now on. */
export function withSignIn(pair: EstatePair, random: Random): EstatePair {
  const all = [...new Set(statementsIn(pair.after))]
  if (all.length === 0) return pair
  const replaced = new Map<unknown, PolicyStatement>()
  for (let left = random.chance(0.4) ? 2 : 1; left > 0; left--) {
    const statement = random.pick(all)
    const block = random.pick(statement.Effect === 'Allow' ? FOR_ALLOWS : FOR_DENIES)
    replaced.set(statement, { ...statement, Condition: { ...statement.Condition, ...block } })
  }
  const after = replacing(pair.after, replaced)
  return { before: random.chance(0.7) ? replacing(pair.before, replaced) : pair.before, after }
}

export function* statementsIn(value: unknown): Iterable<PolicyStatement> {
  if (typeof value !== 'object' || value === null) return
  if ('Effect' in value) yield value as PolicyStatement
  else for (const inner of Object.values(value)) yield* statementsIn(inner)
}

/** What isn't concerned stays the same object: the two states share most of theirs. */
export function replacing<T>(value: T, replaced: ReadonlyMap<unknown, unknown>): T {
  if (typeof value !== 'object' || value === null) return value
  const known = replaced.get(value)
  if (known !== undefined) return known as T
  if (Array.isArray(value)) return value.map((inner) => replacing(inner, replaced)) as T
  return Object.fromEntries(
    Object.entries(value).map(([key, inner]) => [key, replacing(inner, replaced)]),
  ) as T
}

type Given = readonly (readonly [key: string, value: string])[]

const issued = ['aws:tokenissuetime', '2026-06-01T11:00:00Z'] as const
const without = ['aws:multifactorauthpresent', 'false'] as const
const withMfa = ['aws:multifactorauthpresent', 'true'] as const
const ages = ['60', '7200'].map((age) => ['aws:multifactorauthage', age] as const)

const isLimited = (action: string): boolean => /^(?:iam|sts):/i.test(action) && !isOpenToTemporary(action)

/**
 * What requests say of it. A user signs with long-term keys, or has a session with or without MFA; whoever assumes a role can
 * pass a code with the call, which root never does. A role's session never says in a decision that there was MFA.
 * @see IAM User Guide, "AWS global condition context keys": aws:MultiFactorAuthPresent; STS API Reference, AssumeRole: no
 * credentials of root
 */
export function drawSignIn({ kind, before, after }: Requester, action: string, random: Random): Given {
  const principal = after ?? before ?? ''
  if (kind === 'principal of another partition') return []
  // A session that somebody got by a provider always tells when it began; whoever signs in has none yet.
  if (kind === 'provider') return action.startsWith('sts:') ? [] : [issued]
  if (/:user\/|:root$/.test(principal)) {
    const age = random.pick(ages)
    const ways: readonly Given[] = [[], [issued, without], [issued, withMfa, age]]
    const isAssuming = /^sts:(?:AssumeRole|TagSession|SetSourceIdentity)$/.test(action)
    // The console's credentials, which these services tell from others by the time of issue.
    const isUser = /:user\//.test(principal)
    if (isUser && !isAssuming && isLimited(action)) return random.pick([...ways, [without], [withMfa, age]])
    return random.pick(isUser && isAssuming ? [...ways, [withMfa, age]] : ways)
  }
  return /:(?:role|assumed-role|federated-user)\//.test(principal) && random.chance(0.5) ? [without] : []
}
