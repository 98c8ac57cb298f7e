import { parseArn } from '../../model/index.ts'
import { exampleIn } from '../outsiders/outsider-state.ts'
import type { FoundRequest } from '../sides/side-finding.ts'
import type { ExaminedPrincipal, PrincipalInState } from './examined-principal.ts'

/** Who sends a request, and what it says beside that. */
interface RequestPrincipal {
  readonly principal: string
  /** Without the keys that follow from the principal. */
  readonly context: ReadonlyMap<string, readonly string[]>
}

/**
 * One of those whom a principal stands for, as the keys of a request found for it tell: its ARN, account or name. Keys that
 * follow from who asks are left to the evaluator.
 */
export function requestPrincipalOf(
  { outsider, holds }: ExaminedPrincipal,
  state: PrincipalInState,
  { action, resource, context }: FoundRequest,
): RequestPrincipal {
  if (holds === 'anybody') return { principal: holderFor(action, resource, state.name), context }
  if (holds === 'oneOfAccount') return namedHolder(state.name, context)
  if (outsider === undefined || outsider.type === 'one' || context.size === 0)
    return { principal: state.name, context }
  const given = new Map([...context].map(([key, values]) => [key.toLowerCase(), values]))
  const first = (key: string) => given.get(key)?.[0]
  if (outsider.type === 'service') {
    const name = first('aws:principalservicename') ?? first('aws:principalservicenameslist')
    return name === undefined
      ? { principal: state.name, context }
      : { principal: name, context: without(context, SERVICE_KEYS) }
  }
  const arn = first('aws:principalarn')
  const account = first('aws:principalaccount') ?? first('kms:calleraccount') ?? state.facts.account ?? ''
  const principal = arn ?? exampleIn(outsider, account, first('aws:username'))
  return { principal, context: withCallerAccount(without(context, ACCOUNT_KEYS), principal) }
}

/** KMS has a key of its own for the caller's account. */
function withCallerAccount(
  context: ReadonlyMap<string, readonly string[]>,
  principal: string,
): ReadonlyMap<string, readonly string[]> {
  const account = principal.split(':')[4] ?? ''
  return new Map(
    [...context].map(([key, values]) => [
      key,
      key.toLowerCase() === 'kms:calleraccount' ? [account] : values,
    ]),
  )
}

/** By the name that a request gives it. */
function namedHolder(holder: string, context: ReadonlyMap<string, readonly string[]>): RequestPrincipal {
  const given = new Map([...context].map(([key, [value]]) => [key.toLowerCase(), value]))
  const name = given.get('aws:username')
  const principal =
    given.get('aws:principalarn') ?? (name === undefined ? holder : holder.replace(/[^/]*$/, () => name))
  return { principal, context: without(context, ACCOUNT_KEYS) }
}

/** Operations of IAM stay in their account, so that who holds a policy about one's entities is of that account. */
function holderFor(action: string, resource: string, holder: string): string {
  const arn = parseArn(resource)
  return /^iam:/i.test(action) && arn?.service === 'iam' && /^\d{12}$/.test(arn.account)
    ? holder.replace(/\d{12}/, arn.account)
    : holder
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
