import { parseOperator } from '../../policy/operator-spelling.ts'
import { OPERATORS } from '../../policy/operators.ts'
import type { AccessEntry } from '../access-entry.ts'
import type { ActionTable } from '../actions/action-table.ts'
import type { StrangersLetIn } from '../public/strangers-let-in.ts'
import { type Escalation, type EscalationClass, type EscalationRule, severityOf } from './escalation.ts'
import { shortName } from './powers/holder.ts'
import { SHARING_ACTIONS } from './ways/other-ways.ts'

/** From this part of all actions on everything on, somebody is an administrator. */
const ADMINISTRATOR = 0.8

/** What an entry is by itself, whatever can be come to by it. */
export interface Applied {
  readonly rule: EscalationRule
  readonly class: EscalationClass
  readonly weight: number
  readonly why: string
}

/** What an entry is judged by. */
export interface Judging {
  readonly table: ActionTable
  /** Of a role's ARN: how much it may do, 0 to 1; what isn't known counts as 1. */
  readonly powerOf: (role: string) => number
  /** Of an account id: whether its users and roles are the estate's, and no strangers. */
  readonly isOurs: (account: string) => boolean
  /** The id of the declared organization, whose accounts aren't strangers; null: none is declared. */
  readonly organization: string | null
  /** Whom of those that an entry lets in conditions and denies leave to be anybody. */
  readonly strangersIn: StrangersLetIn
  /** Whether what an entry is about belongs to the declared organization. */
  readonly isOfOrganization: (entry: AccessEntry) => boolean
  /** Of a user or role: whether it still has a permissions boundary. */
  readonly isBounded: (label: string) => boolean
}

/**
 * What is an escalation by itself, without any step: somebody outside is let in, everything is allowed, or something no
 * longer stands in the way.
 */
export const entryEscalations = (gained: readonly AccessEntry[], judging: Judging): readonly Escalation[] =>
  gained.flatMap((entry) => appliedTo(entry, judging).map((applied) => escalationOf(entry, applied)))

export const escalationOf = (entry: AccessEntry, applied: Applied): Escalation => ({
  ...entry,
  ...applied,
  severity: severityOf(applied.weight),
  ...targetsOf(entry, applied),
  path: [],
})

/**
 * Whom or what an entry is about by itself: a role, the resource whose policy lets somebody in, or what no longer stands in
 * the way.
 */
function targetsOf(entry: AccessEntry, { class: of }: Applied): Pick<Escalation, 'target' | 'targets'> {
  const targets = targetsBy(entry, of)
  return { target: targets[0] ?? null, targets }
}

function targetsBy(entry: AccessEntry, of: EscalationClass): readonly string[] {
  const { kind, resources, policy, isPotential } = entry
  if (kind === 'assume') return resources
  if (of === 'lets-outsiders-in') return [policy]
  return of === 'weakens-guardrail' && !isPotential ? guardrailsOf(entry) : []
}

/**
 * The policy that stood in the way, or that asked for more: its ARN, or a control policy's name. An inline one is called by
 * those whom it held, and so is a layer as a whole.
 */
function guardrailsOf({ because, policy, principals }: AccessEntry): readonly string[] {
  const guardrail = because?.change === 'removed' ? because.policy : policy
  return guardrail === null || guardrail.startsWith('inline:') ? principals : [guardrail]
}

/** What stood in the way, behind a sentence; nothing of a layer as a whole. */
export function guardrailNamed({ because }: AccessEntry): string {
  const policy = because?.policy ?? null
  if (policy === null) return ''
  return `: ${policy.startsWith('inline:') ? `the inline policy ${policy.slice('inline:'.length)}` : shortName(policy)}`
}

function appliedTo(entry: AccessEntry, judging: Judging): readonly Applied[] {
  const { table, isOurs } = judging
  const { actions, because, kind, principals, resources, tier } = entry
  // What could be done until a time that is past is nothing that anybody comes to.
  if (entry.ended !== undefined) return []
  const found: Applied[] = []
  const letIn = lettingIn(entry, judging)
  if (letIn !== null) found.push(letIn)
  if (because?.cause === 'boundary' && because.change === 'removed')
    found.push({
      rule: 'boundary-weakened',
      class: 'weakens-guardrail',
      weight: 65,
      why: `${
        principals.every(judging.isBounded)
          ? 'a permissions boundary allows more than before'
          : 'a permissions boundary no longer stands in the way'
      }${guardrailNamed(entry)}`,
    })
  if (because?.cause === 'scp' && because.change === 'removed')
    found.push({
      rule: 'scp-weakened',
      class: 'weakens-guardrail',
      weight: 65,
      why: `${
        because.allowedBy === undefined
          ? 'a service control policy no longer stands in the way'
          : 'a service control policy allows more than before'
      }${guardrailNamed(entry)}`,
    })
  const isEverything = resources.includes('*') && actions.length >= table.names.length * ADMINISTRATOR
  // Of what no known type of resource matches, nothing follows.
  if (kind === 'action' && tier === 'typed' && isEverything && principals.some(isIdentity))
    found.push({
      rule: 'administrator',
      class: 'administrator',
      weight: 95,
      why: 'they may do nearly everything',
    })
  else if (
    kind === 'action' &&
    tier === 'typed' &&
    principals.some((label) => isEntity(label) && !isForeign(label, isOurs))
  ) {
    const sharing = actions.filter((action) => SHARING.has(action))
    if (sharing.length > 0)
      found.push({
        rule: 'permissions-management',
        class: 'can-let-others-in',
        weight: 30,
        why: `may let others in: ${named(sharing)}`,
      })
  }
  return found
}

const SHARING: ReadonlySet<string> = new Set(SHARING_ACTIONS)
/** Names in a sentence. */
const MOST_NAMED = 4

const named = (actions: readonly string[]): string =>
  actions.length <= MOST_NAMED
    ? actions.join(', ')
    : `${actions.slice(0, MOST_NAMED).join(', ')} and ${actions.length - MOST_NAMED} more`

/** A user or role. */
const isEntity = (label: string): boolean => /^arn:[^:]*:iam::\d+:(?:user|role)\//.test(label)

/** Of policies alone nobody is named. */
const isIdentity = (label: string): boolean => label === '' || label.startsWith('arn:')

/** Whom outside an entry lets in; null: nobody who is worth a word. */
function lettingIn(entry: AccessEntry, judging: Judging): Applied | null {
  const { powerOf, organization, isOurs } = judging
  if (organization !== null && isLimitedTo(organization, entry, judging)) return null
  const { kind, principals, resources } = entry
  const power = kind === 'assume' ? Math.max(...resources.map(powerOf)) : 1
  const weight = (most: number) => Math.round(most * (0.6 + 0.4 * power))
  const what = kind === 'assume' ? `assume ${resources.map(shortName).join(', ')}` : `use ${entry.policy}`
  const class_ = 'lets-outsiders-in' as const
  const strangers = judging.strangersIn(entry)
  const open = strangers.filter((label) => providerOf(label) !== null)
  if (strangers.length > open.length)
    return { rule: 'public', class: class_, weight: weight(95), why: `anybody may ${what}` }
  if (open.length > 0)
    return {
      rule: 'public',
      class: class_,
      weight: weight(95),
      why: `anybody with a token of ${open.map(hostOf).join(' or ')} may ${what}`,
    }
  const foreign = principals.filter((label) => isForeignProvider(label, entry))
  if (foreign.length > 0)
    return {
      rule: 'cross-account',
      class: class_,
      weight: weight(80),
      why: `whoever another account's provider vouches for may ${what}`,
    }
  const isForeigner = (label: string) =>
    ANYBODY.test(label) || label.startsWith('account:') || isForeign(label, isOurs)
  if (!principals.some(isForeigner)) return null
  if (principals.some((label) => ANYBODY.test(label)))
    return {
      rule: 'cross-account',
      class: class_,
      weight: weight(65),
      why: `somebody outside whom its conditions let in may ${what}`,
    }
  const isOfOwn = (label: string) => isOurs(/:sts::(\d+):federated-user\//.exec(label)?.[1] ?? '')
  const besides = principals.some(isOfOwn) ? ', and federated users of the own one,' : ''
  return {
    rule: 'cross-account',
    class: class_,
    weight: weight(65),
    why: `somebody of another account${besides} may ${what}`,
  }
}

/** The organization of what is asked about, as policies write it. @see IAM User Guide, "AWS global condition context keys": aws:ResourceOrgID */
const OF_RESOURCE = /^\$\{aws:resourceorgid\}(?=$|\/)/i

/** Anonymous principals, and whoever of any account. */
const ANYBODY = /^(?:anonymous$|account:\*$|arn:[^:]*:sts::\*:)/

/**
 * Whether somebody of an account that isn't the estate's is meant by name: a user, a role, a session, a canonical user. A unique
 * id names nobody here either.
 */
function isForeign(label: string, isOurs: Judging['isOurs']): boolean {
  if (/^(?:canonical|id):/.test(label)) return true
  const [, account] = /^arn:[^:]*:(?:iam|sts)::(\d+):/.exec(label) ?? []
  return account !== undefined && !isOurs(account)
}

/** Whether what meets an operator has the key, with one of the values. @param text as a policy writes it */
function asksForValue(text: string): boolean {
  const spelling = parseOperator(text)
  if (spelling === null || spelling.ifExists || spelling.quantifier === 'ForAllValues') return false
  const { family, negated } = OPERATORS[spelling.operator]
  return (family === 'string' || family === 'arn') && !negated
}

/** Whether conditions let in the accounts of one organization alone. */
function isLimitedTo(organization: string, entry: AccessEntry, { isOfOrganization }: Judging): boolean {
  const meant = (value: string) =>
    OF_RESOURCE.test(value) && isOfOrganization(entry) ? value.replace(OF_RESOURCE, organization) : value
  return Object.entries(entry.conditions).some(
    ([operator, keys]) =>
      asksForValue(operator) &&
      Object.entries(keys).some(
        ([key, values]) =>
          /^aws:principalorg(?:id|paths)$/i.test(key) &&
          values.length > 0 &&
          values.map(meant).every((value) => value === organization || value.startsWith(`${organization}/`)),
      ),
  )
}

const providerOf = (label: string): string | null =>
  label.startsWith('federated:') ? label.slice('federated:'.length) : null

const hostOf = (label: string): string => (providerOf(label) ?? label).replace(/^arn:.*-provider\//, '')

const isForeignProvider = (label: string, { resources }: AccessEntry): boolean => {
  const [, account] = /^arn:[^:]*:iam::(\d+):/.exec(providerOf(label) ?? '') ?? []
  return account !== undefined && resources.some((role) => (role.split(':')[4] ?? account) !== account)
}
