import type { Invariant, InvariantPrincipal, InvariantRule, PolicyTest } from '../../manifest/desired.ts'
import { type Account, isIdentityKind, parseEntityArn } from '../../model/index.ts'
import { matchesPattern } from '../../model/name-pattern.ts'

/*
 * Whether what a test or an invariant asked for is asked for by others. A yes is sure; where it can't be told the answer is no.
 */

/** Every combination of action and resource is asked by some test, of the same principal in the same context, and is to come out alike. */
export const testStillHolds = (test: PolicyTest, others: readonly PolicyTest[]): boolean =>
  test.actions.every((action) =>
    test.resources.every((resource) =>
      others.some(
        (other) =>
          other.principal === test.principal &&
          other.expect === test.expect &&
          other.actions.some((each) => each.toLowerCase() === action.toLowerCase()) &&
          other.resources.includes(resource) &&
          other.context.size === test.context.size &&
          isContextOf(other.context, test.context),
      ),
    ),
  )

/** Every combination of action and resource is looked at by an invariant that is no less strict. */
export const invariantStillHolds = (
  invariant: Invariant,
  others: readonly Invariant[],
  account: Account,
): boolean => {
  const strict = others.filter(
    (other) =>
      isAsStrict(other.rule, invariant.rule, account) && isContextOf(other.context, invariant.context),
  )
  return invariant.actions.every((action) =>
    invariant.resources.every((resource) =>
      strict.some(
        (other) =>
          other.actions.some((each) => covers(each.toLowerCase(), action.toLowerCase())) &&
          other.resources.some((each) => coversResource(each, resource)),
      ),
    ),
  )
}

/** Whether all that the first says of a request's context is said by the second, too: then the first is about no fewer requests. */
const isContextOf = (some: PolicyTest['context'], all: PolicyTest['context']): boolean =>
  [...some].every(([key, values]) => {
    const others = [...all].find(([other]) => other.toLowerCase() === key.toLowerCase())?.[1]
    return others !== undefined && JSON.stringify(values.toSorted()) === JSON.stringify(others.toSorted())
  })

/** Whether whoever keeps the first rule keeps the second. */
function isAsStrict(rule: InvariantRule, earlier: InvariantRule, account: Account): boolean {
  if (earlier.type === 'nobody') return rule.type === 'nobody'
  if (rule.type === 'nobody')
    // Root users, and who is outside, are looked at where they are named.
    return earlier.type === 'only' || earlier.principals.every((each) => isOwnIdentity(each, account))
  if (rule.type !== earlier.type) return false
  const [fewer, more] = rule.type === 'only' ? [rule, earlier] : [earlier, rule]
  const keys = new Set(more.principals.map(keyOf))
  return fewer.principals.every((each) => keys.has(keyOf(each)))
}

const isOwnIdentity = ({ kind, id }: InvariantPrincipal, account: Account): boolean =>
  isIdentityKind(kind) && id.split(':')[4] === account.id

/** Names are unique in an account, whatever their paths. */
function keyOf({ kind, id }: InvariantPrincipal): string {
  const entity = isIdentityKind(kind) ? parseEntityArn(id) : null
  return entity === null
    ? `${kind} ${id}`
    : `${kind} ${entity.partition} ${entity.account} ${entity.name.toLowerCase()}`
}

/** Whether one pattern stands for all that another does: its `*` take whatever the other has there, its wildcards among it. */
const covers = (wider: string, pattern: string): boolean =>
  wider === pattern || (!wider.includes('?') && matchesPattern(wider, pattern))

/** Part by part, so that it is so whether or not a `*` reaches over colons. `*` alone is about requests without a resource, too. */
function coversResource(wider: string, pattern: string): boolean {
  if (wider === '*' || wider === pattern) return true
  const [one, other] = [partsOfArn(wider), partsOfArn(pattern)]
  return one !== null && other !== null && one.every((part, index) => covers(part, other[index] ?? ''))
}

function partsOfArn(text: string): readonly string[] | null {
  const parts = text.split(':')
  return parts.length < 6 ? null : [...parts.slice(0, 5), parts.slice(5).join(':')]
}
