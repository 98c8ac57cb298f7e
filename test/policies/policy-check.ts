import type { AccessDiff } from '../../src/access/access-diff.ts'
import type { AccessEntry, UnknownAccess } from '../../src/access/access-entry.ts'
import type { Proof } from '../../src/access/analysis.ts'
import type { AccessAnalyzer } from '../../src/access/analyzer.ts'
import { proveInvariant } from '../../src/checks/prove-invariant.ts'
import type { AccountFacts } from '../../src/evaluator/estate/account-policies.ts'
import { createEvaluator, type Evaluator } from '../../src/evaluator/estate/evaluator.ts'
import type { Invariant } from '../../src/manifest/desired.ts'
import type { Estate, PlacedDocument, PolicyDocument } from '../../src/model/index.ts'
import { ANN, HOME, type PlacedPolicy } from './placed-policy.ts'

/** What went through the checks of one policy in one place. */
interface Checked {
  /** Everything that isn't as it has to be. */
  readonly problems: readonly string[]
  readonly entries: number
  /** Requests that were put to the evaluator: one for each principal of each entry. */
  readonly verified: number
  /** Reasons of what was not decided. */
  readonly unknown: readonly string[]
}

export interface PolicyTools {
  readonly analyzer: AccessAnalyzer
  readonly facts: AccountFacts
}

const NO_POLICY: PlacedDocument = { json: { Version: '2012-10-17', Statement: [] }, located: null }

/** The same of the document alone, whoever holds it. */
export function checkDocument(
  json: PolicyDocument,
  { analyzer }: Pick<PolicyTools, 'analyzer'>,
): readonly string[] {
  const document: PlacedDocument = { json, located: null }
  const found = guarded(() => ({
    set: analyzer.diffPolicies(NO_POLICY, document),
    same: analyzer.diffPolicies(document, document),
    taken: analyzer.diffPolicies(document, NO_POLICY),
  }))
  if ('threw' in found) return [`diff of documents: ${found.threw}`]
  const { set, same, taken } = found.value
  const problems = [...asymmetries(set, taken)]
  if (same.verdict !== 'none') problems.push(`nothing changes, and the verdict is ${same.verdict}`)
  if (set.lost.length > 0) problems.push('something is lost by a policy where there was none')
  return problems
}

/** What changes between two policies in the same place, one way and the other. */
export function checkChange(
  one: PlacedPolicy,
  other: PlacedPolicy,
  { analyzer }: Pick<PolicyTools, 'analyzer'>,
): readonly string[] {
  const found = guarded(() =>
    [
      analyzer.diffEstates(one.after, other.after, [HOME]).get(HOME),
      analyzer.diffEstates(other.after, one.after, [HOME]).get(HOME),
    ].flatMap((each) => each ?? []),
  )
  if ('threw' in found) return [`diff: ${found.threw}`]
  const [there, back] = found.value
  return there === undefined || back === undefined ? ['no diff'] : asymmetries(there, back)
}

/** Sets a policy, changes nothing, and takes it away again; asks every gate. */
export async function checkPolicy(
  { before, after }: PlacedPolicy,
  { analyzer, facts }: PolicyTools,
): Promise<Checked> {
  const problems: string[] = []
  const unknown: string[] = []
  let entries = 0
  let verified = 0
  const diff = (old: Estate, recent: Estate): AccessDiff | null => {
    const found = guarded(() => analyzer.diffEstates(old, recent, [HOME]).get(HOME))
    if (!('threw' in found)) return found.value ?? null
    problems.push(`diff: ${found.threw}`)
    return null
  }
  const set = diff(before, after)
  const same = diff(after, after)
  const taken = diff(after, before)

  if (same !== null && same.verdict !== 'none')
    problems.push(`nothing changes, and the verdict is ${same.verdict}`)
  if (set !== null && taken !== null) problems.push(...asymmetries(set, taken))
  const [without, withIt] = [await createEvaluator(before, facts), await createEvaluator(after, facts)]
  for (const each of [set, taken]) {
    unknown.push(...(each?.unknown ?? []).map(reasonOf))
    for (const doubt of each?.unknown ?? [])
      if (doubt.reason === 'unverified') problems.push(`diff: ${unverified(doubt)}`)
  }
  const verify = (list: readonly AccessEntry[], now: Evaluator, old: Evaluator | null, what: string) => {
    for (const entry of list) {
      if (entry.tier === 'future' || entry.via.length > 0) continue
      entries += 1
      for (const principal of entry.principals) {
        const found = contradiction(entry, principal, now, old)
        if (found === 'not asked') continue
        verified += 1
        if (found !== null) problems.push(`${what}: ${found}`)
      }
    }
  }
  if (set !== null) {
    verify(set.gained, withIt, without, 'gained')
    verify(set.lost, without, withIt, 'lost')
  }

  const prove = (name: string, proof: () => Proof): Proof | null => {
    const found = guarded(proof)
    if ('threw' in found) {
      problems.push(`${name}: ${found.threw}`)
      return null
    }
    unknown.push(...found.value.unknown.map(reasonOf))
    for (const each of found.value.unknown)
      if (each.reason === 'unverified') problems.push(`${name}: ${unverified(each)}`)
    const { holds, violations, rulings = [] } = found.value
    const breaking = violations.filter(({ tier }) => tier === 'typed')
    // What is allowed by the letter alone is listed beside an answer that it doesn't decide.
    if (holds === true && breaking.length > 0) problems.push(`${name}: it holds, with violations`)
    if (holds === false && breaking.length + rulings.length === 0)
      problems.push(`${name}: it does not hold, by nothing`)
    verify(violations, withIt, null, name)
    return found.value
  }
  const anything = { actions: ['*'], resources: ['*'], context: new Map() }
  const granted = prove('not granted', () => analyzer.notGranted(after, anything, [HOME]))
  prove('not public', () => analyzer.noPublicAccess(after, [HOME]))
  const holdsFor = (rule: Invariant['rule']) =>
    prove(`invariant ${JSON.stringify(rule)}`, () => proveInvariant(analyzer, after, invariant(rule)))?.holds
  const ann = { text: 'user/ann', kind: 'user', id: ANN } as const
  const nobody = holdsFor({ type: 'nobody' })
  const never = holdsFor({ type: 'never', principals: [ann] })
  const others = holdsFor({ type: 'only', principals: [ann] })
  if (granted !== null && nobody !== undefined && granted.holds !== nobody)
    problems.push(`granted to nobody is ${granted.holds}, and the invariant that says so ${nobody}`)
  if (never === true && others === true && nobody === false)
    problems.push('neither ann nor anybody else may, and yet somebody may')
  if (nobody === true && (never === false || others === false))
    problems.push('nobody may, and yet somebody may')
  return { problems, entries, verified, unknown }
}

const invariant = (rule: Invariant['rule']): Invariant =>
  ({
    name: 'asked',
    actions: ['*'],
    resources: ['*'],
    context: new Map(),
    rule,
  }) as unknown as Invariant

function guarded<T>(asked: () => T): { readonly value: T } | { readonly threw: string } {
  try {
    return { value: asked() }
  } catch (error) {
    return { threw: error instanceof Error ? `${error.constructor.name}: ${error.message}` : String(error) }
  }
}

/** Where reasoning and the evaluator differ, one of them is wrong. */
const unverified = ({ principals, policy, witness }: UnknownAccess): string =>
  `unverified: ${principals.join()} ${policy} ${witness?.action} ${witness?.resource} ${JSON.stringify([...(witness?.context ?? [])])}`

const reasonOf = ({ reason, policy }: UnknownAccess): string => `${reason} (${policy})`

/** What is said of one direction and not of the other: who gains by a policy loses by its removal. */
function asymmetries(set: AccessDiff, taken: AccessDiff): readonly string[] {
  const told = (entries: readonly AccessEntry[]) => new Set(entries.map(extentOf))
  const undecided = ({ unknown }: AccessDiff, direction: 'gained' | 'lost') =>
    new Set(
      unknown
        .filter((each) => each.direction === direction)
        .map(({ principals, reason, policy, sid }) => JSON.stringify([principals, reason, policy, sid])),
    )
  const sides = [
    ['gained, and not lost again', told(set.gained), told(taken.lost)],
    ['lost again, and not gained', told(taken.lost), told(set.gained)],
    ['lost, and not gained again', told(set.lost), told(taken.gained)],
    ['gained again, and not lost', told(taken.gained), told(set.lost)],
    ['unknown to be gained', undecided(set, 'gained'), undecided(taken, 'lost')],
    ['unknown to be lost', undecided(set, 'lost'), undecided(taken, 'gained')],
  ] as const
  return sides.flatMap(([what, here, there]) =>
    [...here].filter((each) => !there.has(each)).map((each) => `${what}: ${each.slice(0, 300)}`),
  )
}

const extentOf = ({
  kind,
  principals,
  actions,
  resources,
  notResources,
  conditions,
  tier,
  via,
}: AccessEntry) => JSON.stringify([kind, principals, tier, via, resources, notResources, conditions, actions])

/**
 * null: the evaluator allows the entry's request to that principal, and on the other side it doesn't. `not asked`: whom a
 * label means isn't settled by the request, or the question is one that the evaluator refuses.
 */
function contradiction(
  entry: AccessEntry,
  label: string,
  now: Evaluator,
  old: Evaluator | null,
): string | null {
  const { witness } = entry
  const principal = callerOf(label, witness.principal)
  const isShown = principal === witness.principal
  const asked = (evaluator: Evaluator): string => {
    const { answer } = evaluator.evaluate({
      ...witness,
      principal,
      context: isShown ? witness.context : withoutTheCaller(witness.context),
      ...(entry.isPotential ? { resourcePolicy: { id: 'stand-in', document: letsIn(principal) } } : {}),
    })
    return answer === null ? 'refused' : answer.decision
  }
  const text = () =>
    `${label} as ${principal} ${witness.action} ${witness.resource} ${JSON.stringify([...witness.context])}`
  const decision = asked(now)
  if (decision === 'refused') return 'not asked'
  // One of many was shown: of the others, conditions may mean some.
  if (!isShown && decision !== 'allow' && isOpen(label)) return 'not asked'
  if (decision !== 'allow') return `the evaluator says ${decision}: ${text()}`
  if (old !== null && asked(old) === 'allow') return `the evaluator allows it on both sides: ${text()}`
  return null
}

const isOpen = (label: string): boolean => /^account:|^service:\*$|\/\*$/.test(label)

/** Somebody of whom a label speaks: the witness's own caller where it is one of them. */
function callerOf(label: string, shown: string): string {
  if (label.startsWith('arn:')) return label
  if (label === 'anonymous') return '*'
  const [, kind = '', id = ''] = /^([^:]+):(.*)$/.exec(label) ?? []
  if (kind === 'service')
    return id !== '*' ? id : /^[a-z]/.test(shown) && !shown.includes(':') ? shown : 'any.amazonaws.com'
  if (kind === 'account')
    return shown.includes(`:${id}:`) || (id === '*' && /^arn:/.test(shown) && !shown.includes(HOME))
      ? shown
      : `arn:aws:iam::${id === '*' ? '999999999999' : id}:role/example`
  if (kind === 'federated') return id.startsWith('arn:') ? id : label
  return label
}

/** What a request says of who sends it: another one has other values. */
const withoutTheCaller = (context: ReadonlyMap<string, readonly string[]>) =>
  new Map(
    [...context].filter(([key]) => !/^aws:(?:principal(?:arn|account|type)|userid|username)$/i.test(key)),
  )

const letsIn = (principal: string): PlacedDocument => ({
  json: {
    Version: '2012-10-17',
    Statement: [
      {
        Effect: 'Allow',
        Principal: principal.startsWith('arn:') ? { AWS: principal.split(':')[4] ?? '' } : '*',
        Action: '*',
        Resource: '*',
      },
    ],
  } as PlacedDocument['json'],
  located: null,
})
