import type { IdentifiedPolicy, PolicyLayers } from '../evaluator/layers.ts'
import { type PrincipalFacts, parsePrincipal } from '../evaluator/principal.ts'
import { parsePolicy } from '../policy/parse.ts'
import type { ParsedPolicy, ParsedPrincipal } from '../policy/parsed.ts'
import type { EstateView } from './estate-view.ts'
import { principalPins } from './principal-pins.ts'
import type { Pins } from './symbolic/pins.ts'

/** Whose access is looked at: somebody of the estate, or one that stands for all of a kind outside. */
export interface Subject {
  /** As findings call it: an ARN, `account:ID`, `account:*`, `service:NAME`, `federated:PROVIDER`, `anonymous`. */
  readonly label: string
  /** As a request names it. */
  readonly principal: string
  /** null: outside; its own policies aren't known and count as allowing everything. */
  readonly account: string | null
}

/** A subject as one state of the estate has it. */
export interface SubjectState {
  readonly facts: PrincipalFacts
  readonly base: string | null
  readonly layers: PolicyLayers
  readonly pins: Pins
  /** Keys that belong to it, for requests. */
  readonly context: ReadonlyMap<string, readonly string[]>
  readonly isOutside: boolean
  readonly isSession: boolean
}

/** Whoever holds it may do everything: what stands in for the policies of other accounts. */
export const EVERYTHING: IdentifiedPolicy = {
  id: '',
  policy: parsedOnce({ Version: '2012-10-17', Statement: [{ Effect: 'Allow', Action: '*', Resource: '*' }] }),
}

function parsedOnce(document: Parameters<typeof parsePolicy>[0]): ParsedPolicy {
  const { policy } = parsePolicy(document, null, 'identity', 'evaluate')
  if (policy === null) throw new TypeError('a policy of our own is malformed')
  return policy
}

/** No account has it. */
export const FOREIGN_ACCOUNT = '999999999999'

export const entitySubject = (arn: string, account: string): Subject => ({
  label: arn,
  principal: arn,
  account,
})

export function outsiderState({ principal, label }: Subject): SubjectState | null {
  const facts = parsePrincipal(principal)
  if (facts === null) return null
  const hasAccount = facts.account !== null && facts.kind !== 'provider'
  const pins = principalPins(facts, null, new Map())
  return {
    facts,
    base: null,
    layers: hasAccount && facts.kind !== 'root' ? { identity: [EVERYTHING] } : {},
    pins:
      label.startsWith('account:') && label !== 'account:*'
        ? anybodyOf(pins)
        : hasAccount
          ? withTags(pins)
          : pins,
    context: new Map(),
    isOutside: true,
    isSession: facts.kind === 'role',
  }
}

/** Of an account outside: who it is, and which tags it has, may be anything. */
const anybodyOf = (pins: Pins): Pins => ({
  valueOf: (key) =>
    key === 'aws:principalarn' || key === 'aws:principaltype' || key === 'aws:username' || isTagOrOrg(key)
      ? undefined
      : pins.valueOf(key),
})
const withTags = (pins: Pins): Pins => ({
  valueOf: (key) => (isTagOrOrg(key) ? undefined : pins.valueOf(key)),
})
const isTagOrOrg = (key: string): boolean => /^aws:principal(?:tag\/|org)/.test(key)

/** null: it isn't there in this state. */
export function stateOf(subject: Subject, view: EstateView): SubjectState | 'unknown' | null {
  if (subject.account === null) return outsiderState(subject)
  const known = view.principalOf(subject.principal)
  if (known === null) return null
  if (!('asker' in known)) return 'unknown'
  const { asker, layers } = known
  return {
    facts: asker.facts,
    base: asker.base,
    layers,
    pins: principalPins(asker.facts, asker.base, asker.context),
    context: asker.context,
    isOutside: false,
    isSession: asker.facts.kind === 'role',
  }
}

/** Whom a policy of a resource or role names, or lets in as one of everybody, and the estate doesn't know. */
export function outsidersIn(policy: ParsedPolicy | null, view: EstateView): readonly Subject[] {
  const found = new Map<string, Subject>()
  const [state] = view.estate.accounts
  const partition = state?.account.partition ?? 'aws'
  const anyOf = (account: string) => `arn:${partition}:iam::${account}:role/example`
  const add = (label: string, principal: string) => {
    if (parsePrincipal(principal) !== null) found.set(label, { label, principal, account: null })
  }
  for (const { effect, principal, conditions } of policy?.statements ?? []) {
    if (effect !== 'Allow' || principal === null) continue
    if (principal.negated || principal.entries.some(({ kind }) => kind === 'everyone')) {
      add('anonymous', '*')
      add('account:*', anyOf(FOREIGN_ACCOUNT))
      // Accounts that conditions single out among everybody.
      for (const account of conditions
        .flatMap(({ values }) => values)
        .filter((value) => /^\d{12}$/.test(value)))
        if (!view.accounts.has(account)) add(`account:${account}`, anyOf(account))
    }
    if (!principal.negated) for (const entry of principal.entries) addEntry(entry, view, anyOf, add)
  }
  return [...found.values()]
}

function addEntry(
  entry: ParsedPrincipal,
  view: EstateView,
  anyOf: (account: string) => string,
  add: (label: string, principal: string) => void,
): void {
  switch (entry.kind) {
    case 'account':
      if (!view.accounts.has(entry.account)) add(`account:${entry.account}`, anyOf(entry.account))
      break
    case 'arn': {
      const facts = parsePrincipal(entry.arn)
      if (facts?.account != null && !view.accounts.has(facts.account)) add(entry.arn, entry.arn)
      break
    }
    case 'service':
      add(`service:${entry.service}`, entry.service)
      break
    case 'federated':
      add(
        `federated:${entry.provider}`,
        entry.provider.startsWith('arn:') ? entry.provider : `federated:${entry.provider}`,
      )
      break
    case 'everyone':
    case 'canonicalUser':
    case 'uniqueId':
      break
  }
}

/** Sessions of the estate's own roles that a policy names. */
export const sessionsIn = (policy: ParsedPolicy | null, view: EstateView): readonly Subject[] =>
  (policy?.statements ?? []).flatMap(({ principal }) =>
    (principal?.entries ?? []).flatMap((entry) => {
      const facts = entry.kind === 'arn' ? parsePrincipal(entry.arn) : null
      return facts?.kind === 'role' && facts.text !== facts.roleArn && view.accounts.has(facts.account ?? '')
        ? [entitySubject(facts.text, facts.account ?? '')]
        : []
    }),
  )
