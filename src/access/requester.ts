import { exampleIn } from './outsider-state.ts'
import type { Subject, SubjectState } from './subject.ts'

/** Who sends a request, and what it says beside that. */
export interface Requester {
  readonly principal: string
  /** Without the keys that follow from the principal. */
  readonly context: ReadonlyMap<string, readonly string[]>
}

/**
 * One of those whom a subject stands for, as the keys of a request found for it tell: its ARN, account or name. Keys that
 * follow from who asks are left to the evaluator.
 */
export function requesterOf(
  { outsider }: Subject,
  state: SubjectState,
  context: ReadonlyMap<string, readonly string[]>,
): Requester {
  if (outsider === undefined || outsider.type === 'one' || context.size === 0)
    return { principal: state.principal, context }
  const given = new Map([...context].map(([key, values]) => [key.toLowerCase(), values]))
  const first = (key: string) => given.get(key)?.[0]
  if (outsider.type === 'service') {
    const name = first('aws:principalservicename') ?? first('aws:principalservicenameslist')
    return name === undefined
      ? { principal: state.principal, context }
      : { principal: name, context: without(context, SERVICE_KEYS) }
  }
  const arn = first('aws:principalarn')
  const account = first('aws:principalaccount') ?? first('kms:calleraccount') ?? state.facts.account ?? ''
  const principal = arn ?? exampleIn(outsider, asDigits(account), first('aws:username'))
  return { principal: withDigits(principal), context: withCaller(without(context, ACCOUNT_KEYS), principal) }
}

/** KMS has a key of its own for the caller's account. */
function withCaller(
  context: ReadonlyMap<string, readonly string[]>,
  principal: string,
): ReadonlyMap<string, readonly string[]> {
  const account = asDigits(principal.split(':')[4] ?? '')
  return new Map(
    [...context].map(([key, values]) => [
      key,
      key.toLowerCase() === 'kms:calleraccount' ? [account] : values,
    ]),
  )
}

const SERVICE_KEYS: ReadonlySet<string> = new Set([
  'aws:principalservicename',
  'aws:principalservicenameslist',
])
const ACCOUNT_KEYS: ReadonlySet<string> = new Set([
  'aws:principalarn',
  'aws:principalaccount',
  'aws:username',
])

const without = (
  context: ReadonlyMap<string, readonly string[]>,
  keys: ReadonlySet<string>,
): ReadonlyMap<string, readonly string[]> =>
  new Map([...context].filter(([key]) => !keys.has(key.toLowerCase())))

/** Where any character would do in an account's id, a search may have put a letter. */
const asDigits = (account: string): string => account.replace(/\D/g, '9')
const withDigits = (arn: string): string => {
  const segments = arn.split(':')
  return segments.length < 6
    ? arn
    : [...segments.slice(0, 4), asDigits(segments[4] ?? ''), ...segments.slice(5)].join(':')
}
