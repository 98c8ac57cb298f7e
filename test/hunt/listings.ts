// Holds what an answer lists against the evaluator: for each principal that an entry names, a request must be allowed on the
// side that it is about, and denied on the other.

import type { AccessEntry } from '../../src/access/access-entry.ts'
import type { Asked } from './asked.ts'
import type { Context } from './contexts.ts'
import { type EstateSpec, entityIn } from './estate-spec.ts'
import { printed } from './faults.ts'
import { formerContexts } from './former-organizations.ts'
import { allowedWords, type Verdict } from './listing-words.ts'
import { membershipIn } from './members.ts'
import type { Oracle } from './oracle.ts'
import type { Question } from './questions.ts'
import { contradictionIn } from './reality.ts'
import type { Requester } from './requesters.ts'
import { ORGANIZATION, STRANGER } from './world.ts'

interface ListingProblem {
  readonly way: 'wrong' | 'unreal'
  readonly about: string
  readonly detail: string
}

/** What an entry is held against. */
interface HeldAgainst {
  readonly allowing: Oracle
  /** null: there is no other side. */
  readonly denying: Oracle | null
  readonly everybody: readonly Requester[]
  /** Resource that the gate was asked about; null: any. */
  readonly written: string | null
  /** Contexts that requests of somebody else than the witness's principal can have. */
  contextsOf(asked: Asked): Iterable<Context>
  /** Names of users as whose a resource is called. */
  usersToldBy(resource: string): readonly string[]
}

export function* problemsOf(entry: AccessEntry, by: HeldAgainst): Iterable<ListingProblem> {
  if (entry.tier === 'future' || entry.via.length > 0) return
  const { witness } = entry
  const shown = { ...witness, context: [...witness.context] }
  // What the other state declares is there as well.
  const isThere = by.denying?.spec.resources?.[witness.resource] !== undefined
  const written = by.written ?? (isThere ? witness.resource : null)
  const unreal = entry.tier === 'typed' ? contradictionIn(witness, by.allowing.spec, written) : null
  if (unreal !== null) yield { way: 'unreal', about: unreal, detail: JSON.stringify(shown) }
  for (const label of entry.principals) {
    const verdicts = verdictsOf(label, entry, by)
    // Root can ask for a federated user's credentials too, and nobody can ask the evaluator for those.
    const isFine =
      verdicts.length === 0 ||
      verdicts.includes('fine') ||
      (label.includes(':federated-user/') && (label.endsWith('/*') || isOwnName(label, by))) ||
      (verdicts.includes('undecided') && (entry.isPotential || label.includes(':federated-user/')))
    if (isFine) continue
    yield {
      way: 'wrong',
      about: allowedWords(label, verdicts, entry),
      detail: JSON.stringify([label, entry.kind, entry.policy, shown]),
    }
  }
}

const isOwnName = (label: string, { allowing: { spec } }: HeldAgainst): boolean =>
  (label.split(':')[4] ?? '') in spec.accounts

/** Until somebody whom the label means is allowed on one side only. */
function verdictsOf(label: string, { witness }: AccessEntry, by: HeldAgainst): readonly Verdict[] {
  const { action, resource, context, resourceAccount } = witness
  const verdicts: Verdict[] = []
  for (const [principal, requester] of standInsFor(label, witness, by)) {
    const asked = { requester, action, resource }
    const others = principal === witness.principal ? [] : contextsLike(context, asked, by)
    for (const each of [context, ...others]) {
      const verdict = verdictOf(principal, { ...asked, context: each }, resourceAccount, by)
      verdicts.push(verdict)
      if (verdict === 'fine') return verdicts
    }
  }
  return verdicts
}

/** As the witness, but for who asks; and of whoever it is. */
function* contextsLike(context: Context, asked: Asked, by: HeldAgainst): Iterable<Context> {
  const common = withoutOwn(context)
  yield common
  for (const drawn of by.contextsOf(asked)) {
    yield drawn
    yield joined(drawn, common)
  }
}

function verdictOf(
  principal: string,
  question: Question,
  owner: string | undefined,
  { allowing, denying, everybody }: HeldAgainst,
): Verdict {
  const { requester } = question
  const isEntity = requester.kind === 'own user' || requester.kind === 'own role'
  const nameIn = ({ state }: Oracle) => (isEntity ? (requester[state] ?? principal) : principal)
  const now = allowing.ask(nameIn(allowing), question, owner)
  if (now !== 'allow') return now === 'undecided' ? 'undecided' : 'denied'
  if (denying === null || requester[denying.state] === null) return 'fine'
  const accounts = { account: requester.account, owner: owner ?? (question.resource.split(':')[4] || null) }
  const context = withoutFacts(question, accounts.owner, denying.spec, allowing.spec)
  const sides = { here: allowing.spec, there: denying.spec }
  const isAllowedIn = (each: Context) => {
    const sessionTags = requester.kind === 'own session' ? tagsGiven(each) : {}
    const asked = { ...question, context: each }
    return Object.keys(sessionTags).length === 0
      ? denying.ask(nameIn(denying), asked, owner) === 'allow'
      : denying.decide({ ...asked, sessionTags }, everybody, owner) === 'allow'
  }
  return [context, ...formerContexts(context, accounts, sides)].every(isAllowedIn) &&
    !denying.mayNeedTags(requester, everybody)
    ? 'allowed before'
    : 'fine'
}

/**
 * Without what the other state knows to be otherwise: tags and the organization are its own. What it doesn't declare has the
 * tags that it has where it is declared.
 */
function withoutFacts(
  { requester, resource, context }: Question,
  owner: string | null,
  spec: EstateSpec,
  other: EstateSpec,
): Context {
  const [{ resources = {} }, { resources: others = {} }] = [spec, other]
  const [entity, itself] = [spec, other].map((each) => entityIn(each, resource))
  // Those that stay the same are told of as any, as those of what isn't declared: somebody may be tagged.
  const isRetagged = entity !== null && printed(entity?.tags ?? {}) !== printed(itself?.tags ?? {})
  const isDeclared = resources[resource] !== undefined || isRetagged
  // Whoever an id stands for, or has a session by a provider, may be of any account.
  const mayBeOurs = /^(?:canonical user|unique id|provider)$/.test(requester.kind)
  const isMember = !mayBeOurs && membershipIn(spec, requester.account) !== null
  // Of an account that is in none there, or in another one.
  const isOurs = (values: readonly string[]) =>
    !mayBeOurs && spec.organization != null && values.some((value) => value.split('/')[0] === ORGANIZATION)
  // Where a member stands may be open there as well.
  const told = spec.organization?.hasNoIds === true ? /^aws:principalorgid$/i : /^aws:principalorg/i
  const toldOfResource = spec.organization?.hasNoIds === true ? /^aws:resourceorgid$/i : /^aws:resourceorg/i
  const tags = isDeclared ? {} : (others[resource]?.tags ?? {})
  const service = resource.split(':')[2] ?? ''
  const known = new Set([...context.keys()].map((key) => key.toLowerCase()))
  const ofOthers = Object.entries(tags).flatMap(([key, value]) =>
    ['aws', service].flatMap((owner): [string, readonly string[]][] =>
      known.has(`${owner}:resourcetag/${key}`.toLowerCase())
        ? []
        : [[`${owner}:ResourceTag/${key}`, [value]]],
    ),
  )
  return new Map(
    [...ofOthers, ...context].filter(
      ([key, values]) =>
        !(isDeclared && /:resourcetag\//i.test(key)) &&
        !((isMember || isOurs(values)) && told.test(key)) &&
        !(owner !== null && membershipIn(spec, owner) !== null && toldOfResource.test(key)) &&
        !(/^own (?:user|role)$/.test(requester.kind) && /^aws:principaltag\//i.test(key)),
    ),
  )
}

/** Tags that a session is said to have: those can only be passed where they are allowed to be. */
const tagsGiven = (context: Context): Readonly<Record<string, string>> =>
  Object.fromEntries(
    [...context].flatMap(([key, [value = '']]) =>
      /^aws:principaltag\//i.test(key) ? [[key.slice(key.indexOf('/') + 1), value]] : [],
    ),
  )

/** What the second says wins. Names ignore case: one that is there in two spellings would be no request. */
function joined(first: Context, second: Context): Context {
  const said = new Set([...second.keys()].map((key) => key.toLowerCase()))
  return new Map([...[...first].filter(([key]) => !said.has(key.toLowerCase())), ...second])
}

/** Without what the witness's principal has of its own. */
const withoutOwn = (context: Context): Context =>
  new Map([...context].filter(([key]) => !/^aws:(?:principal(?!org|tag)|userid|username)/i.test(key)))

/** Who a finding may mean by a name: of an account any of those that are tried. */
function standInsFor(
  label: string,
  { principal: witness, resource }: AccessEntry['witness'],
  { everybody, allowing, denying, usersToldBy }: HeldAgainst,
): readonly (readonly [string, Requester])[] {
  const named = everybody.find(({ before, after }) => before === label || after === label)
  const one = (principal: string) => [principal, named ?? somebody(principal)] as const
  if (label === 'anonymous') return [one('*')]
  if (label === 'service:*') return [one(witness.includes('.amazonaws.com') ? witness : 'any.amazonaws.com')]
  if (label.startsWith('service:')) return [one(label.slice(8))]
  if (label.startsWith('federated:')) {
    const provider = label.slice(10)
    const principal = provider.startsWith('arn:') ? provider : label
    // What a provider's sessions say of their account is drawn for providers alone.
    return [[principal, everybody.find(({ after }) => after === principal) ?? somebody(principal)]]
  }
  if (label.endsWith(':federated-user/*'))
    return everybody
      .filter(({ labels }) => labels.has(label))
      .map((each) => [each.after ?? each.before ?? '', each] as const)
  if (!label.startsWith('account:')) return [one(label)]
  const id = label.slice(8)
  const inAccount = everybody.filter(
    ({ account, kind }) =>
      (account === id || (id === '*' && kind.startsWith('stranger'))) && !kind.includes('partition'),
  )
  const partition = (inAccount[0]?.after ?? inAccount[0]?.before)?.split(':')[1]
  // Whose name a resource has is nobody else, and whom policies name isn't any account.
  const own = witness.split(':')[4] ?? ''
  const isCalledLike =
    resource.includes(own) &&
    !everybody.some(({ kind, account }) => account === own && /^own|member/.test(kind))
  // Whom no policy names is one of all.
  const isOfAnybody =
    witness.includes('999999999999') || (own !== '' && (isCalledLike || !isNamed(own, allowing, denying)))
  const isOwnWitness = id === '*' ? isOfAnybody : witness.includes(id)
  return [
    ...(isOwnWitness ? [one(witness)] : []),
    // The same of this account.
    ...(/^arn:.*:\d{12}:/.test(witness)
      ? [one(witness.replace(/:\d{12}:/, `:${id === '*' ? STRANGER : id}:`))]
      : []),
    ...inAccount.map((each) => [each.after ?? each.before ?? '', each] as const),
    ...(partition === undefined
      ? []
      : [...new Set(inAccount.map(({ account }) => account))].flatMap((account) =>
          [...NAMES, ...usersToldBy(resource)].map((name) =>
            one(`arn:${partition}:iam::${account}:user/${name}`),
          ),
        )),
  ]
}

/** Whether an account is written somewhere in either state. */
const isNamed = (account: string, allowing: Oracle, denying: Oracle | null): boolean =>
  JSON.stringify([allowing.spec, denying?.spec]).includes(account)

/** Of users, which conditions compare. */
const NAMES = ['al', 'bo', 'u', 'v']

const isProvider = (principal: string): boolean => /:(?:oidc|saml)-provider\//.test(principal)

/** Somebody outside whom nobody enumerated. */
const somebody = (principal: string): Requester => ({
  kind: !principal.startsWith('arn:')
    ? principal === '*'
      ? 'anonymous'
      : 'service'
    : principal.includes(':user/')
      ? 'named user'
      : principal.endsWith(':root')
        ? 'named root'
        : principal.includes(':federated-user/')
          ? 'named federated user'
          : 'named role',
  before: principal,
  after: principal,
  // Whoever signs in by a provider isn't of its account.
  account: isProvider(principal) ? null : (/^arn:[^:]*:(?:iam|sts)::(\d{12}):/.exec(principal)?.[1] ?? null),
  labels: new Set(),
})
