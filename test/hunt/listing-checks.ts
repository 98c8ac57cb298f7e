// Everything that answers list, held against the evaluator and against what requests can be.
import type { AccessDiff } from '../../src/access/access-diff.ts'
import type { AccessEntry } from '../../src/access/access-entry.ts'
import type { Proof } from '../../src/access/analysis.ts'
import type { Asked, Constants } from './asked.ts'
import { brokenStep, missedChains } from './chain-checks.ts'
import { type Context, constantsIn, drawnContexts } from './contexts.ts'
import { usersToldBy } from './draw-variables.ts'
import { type GateName, printed } from './faults.ts'
import type { Findings } from './findings.ts'
import { type Answer, type Gates, isCrash } from './gates.ts'
import { problemsOf } from './listings.ts'
import type { Oracle } from './oracle.ts'
import type { Question } from './questions.ts'
import { contradictionIn } from './reality.ts'
import type { Requester } from './requesters.ts'
import { HOME, ORGANIZATION } from './world.ts'

/** Of somebody whom an entry names beside the witness's principal. */
const TRIED_CONTEXTS = 96

export class ListingChecks {
  readonly #findings: Findings
  readonly #before: Oracle
  readonly #after: Oracle
  readonly #everybody: readonly Requester[]
  readonly #constants: Constants
  readonly #asksForMfa: boolean
  readonly #seen = new WeakSet<Proof>()

  constructor(findings: Findings, before: Oracle, after: Oracle, everybody: readonly Requester[]) {
    this.#findings = findings
    this.#before = before
    this.#after = after
    this.#everybody = everybody
    this.#constants = constantsIn(findings.pair)
    this.#asksForMfa = [...this.#constants.keys()].some((key) => key.startsWith('aws:multifactorauth'))
  }

  checkDiff(gates: Gates): void {
    const diff = gates.diff()
    const diffs = gates.diffs()
    if (isCrash(diff) || isCrash(diffs)) {
      if (isCrash(diff)) this.#findings.crash('diff', diff.crash, null)
      return
    }
    for (const direction of ['gained', 'lost'] as const) {
      const [allowing, denying] =
        direction === 'gained' ? [this.#after, this.#before] : [this.#before, this.#after]
      for (const entry of diff.value[direction])
        this.#checkEntry('diff', entry, { allowing, denying, direction, question: null })
      if (isDoubled(diff.value[direction]))
        this.#findings.add(
          'diff',
          'inconsistent',
          'a pattern entry beside a typed one of the same statement',
          null,
        )
    }
    for (const each of diffs.value) this.#checkVerdict('diff', each)
    this.#checkChains(diff.value)
    for (const { rule, principals, witness } of diff.value.escalations)
      if (
        rule === 'public' &&
        principals.includes('account:*') &&
        this.#after.spec.organization != null &&
        // Of several who are let in by one statement, one is shown.
        ![witness.principal, `account:${witness.principal.split(':')[4]}`].some((label) =>
          principals.includes(label),
        ) &&
        witness.context.get('aws:PrincipalOrgID')?.[0] === ORGANIZATION
      )
        this.#findings.add('diff', 'wrong', 'an escalation to anybody by our own organization', null)
  }

  #checkChains({ gained, unknown }: AccessDiff): void {
    const chains = {
      before: this.#before,
      after: this.#after,
      everybody: this.#everybody,
      tags: tagsAskedFor(this.#constants),
      contextsOf: (asked: Asked) => this.#drawnContexts(asked),
      openContextsOf: (asked: Asked) => this.#contextsWithMfa(asked),
      firstContextsOf: (asked: Asked) => this.#contextsOf(asked),
    }
    // Where accounts stand that have no ids nobody knows: a single question goes by what it is told.
    const isOpen = [this.#before, this.#after].some(({ spec }) => spec.organization?.hasNoIds === true)
    if (isOpen && this.#constants.has('aws:principalorgpaths')) return
    for (const entry of gained) {
      const broken = entry.via.length === 0 ? null : brokenStep(entry, chains)
      if (broken !== null) this.#findings.add('diff', 'wrong', broken, null, printed(entry))
    }
    const open = new Set(unknown.flatMap(({ principals }) => principals))
    for (const { user, role } of missedChains(gained, open, chains))
      this.#findings.add(
        'diff',
        'missed',
        'a role that is reached by way of another',
        null,
        `${user.after} ${role}`,
      )
  }

  /** Of two documents, whoever holds them: what is listed must be real, and its verdict proved in the typed tier. */
  checkPolicyDiff(gates: Gates): void {
    const { pair } = this.#findings
    const [old, now] = [pair.before, pair.after].map(({ accounts }) => accounts[HOME]?.users?.al?.policy)
    if (old === undefined || now === undefined || printed(old) === printed(now)) return
    const diff = gates.policyDiff(old, now)
    if (isCrash(diff)) {
      this.#findings.crash('policyDiff', diff.crash, null)
      return
    }
    this.#checkVerdict('policyDiff', diff.value)
    for (const entry of [...diff.value.gained, ...diff.value.lost]) {
      const unreal = entry.tier === 'typed' ? contradictionIn(entry.witness, { accounts: {} }) : null
      if (unreal !== null) this.#findings.add('policyDiff', 'unreal', unreal, null, printed(entry.witness))
    }
  }

  /** @param question that the gate was asked for */
  checkProof(gate: GateName, answer: Answer<Proof>, question: Question | null): void {
    if (isCrash(answer)) {
      this.#findings.crash(gate, answer.crash, question)
      return
    }
    if (this.#seen.has(answer.value)) return
    this.#seen.add(answer.value)
    for (const entry of answer.value.violations)
      this.#checkEntry(gate, entry, {
        allowing: this.#after,
        denying: null,
        direction: 'allowed',
        question,
      })
  }

  #checkEntry(
    gate: GateName,
    entry: AccessEntry,
    by: {
      readonly allowing: Oracle
      readonly denying: Oracle | null
      readonly direction: string
      readonly question: Question | null
    },
  ): void {
    this.#findings.counts.listed++
    const { allowing, denying } = by
    const written = gate === 'notGranted' ? null : (by.question?.resource ?? null)
    const everybody = this.#everybody
    const contextsOf = (asked: Asked) => this.#contextsOf(asked)
    for (const { way, about, detail } of problemsOf(entry, {
      allowing,
      denying,
      everybody,
      written,
      contextsOf,
      usersToldBy: (resource) => usersToldBy(resource, this.#findings.pair),
    }))
      this.#findings.add(gate, way, `${by.direction} ${about}`, by.question, detail)
  }

  #drawnContexts(asked: Asked): Iterable<Context> {
    return drawnContexts(asked, this.#constants, this.#findings.pair, TRIED_CONTEXTS)
  }

  *#contextsWithMfa(asked: Asked): Iterable<Context> {
    yield* this.#drawnContexts(asked)
    // An analysis leaves open whether a role's session says that there was MFA, which no decision takes for granted.
    if (/ (?:role|session)$/.test(asked.requester.kind) && this.#asksForMfa)
      for (const context of this.#drawnContexts(asked))
        for (const age of ['60', '7200'])
          yield new Map([
            ...context,
            ['aws:multifactorauthpresent', ['true']],
            ['aws:multifactorauthage', [age]],
          ])
  }

  *#contextsOf(asked: Asked): Iterable<Context> {
    yield* this.#contextsWithMfa(asked)
    // A role's session may have begun with a sign-in; not one that somebody has by assuming the role.
    if (/ role$/.test(asked.requester.kind))
      for (const [key, values] of this.#constants)
        if (/:(?:aud|sub)$/.test(key))
          for (const value of new Set(signInValues(values))) yield new Map([[key, [value]]])
  }

  #checkVerdict(gate: GateName, { verdict, gained, lost }: AccessDiff): void {
    const isProved = (entries: readonly AccessEntry[]) => entries.some(({ tier }) => tier === 'typed')
    for (const [direction, entries] of [
      ['gained', gained],
      ['lost', lost],
    ] as const)
      if ((verdict === direction || verdict === 'both') && !isProved(entries))
        this.#findings.add(
          gate,
          'inconsistent',
          `a pattern or future entry decides that something is ${direction}`,
          null,
        )
  }
}

/** Of a key of a provider: to most operators a wildcard is a character like any other. */
const signInValues = (values: ReadonlySet<string>): readonly string[] => [
  ...[...values].flatMap((value) => [value.replace(/[*?]/g, 'x'), value]),
  'another',
]

/**
 * Tags of callers that conditions compare, one at a time: with values that are named, as a text or as a pattern, or passed, and others.
 * An empty one passes as absent where it is asked for by `Null`.
 */
const tagsAskedFor = (constants: Constants): readonly Readonly<Record<string, string>>[] =>
  [...constants].flatMap(([key, values]) => {
    if (!key.startsWith('aws:principaltag/')) return []
    const name = key.slice(key.indexOf('/') + 1)
    const named = [...values, ...(constants.get(`aws:requesttag/${name}`) ?? [])]
    const all = new Set(named.flatMap((value) => [value, value.replace(/[*?]/g, 'x')]).concat('other', ''))
    return [...all].map((value) => ({ [name]: value }))
  })

/** Whether an entry of the tier `pattern` stands beside a typed one of the same statement. */
function isDoubled(entries: readonly AccessEntry[]): boolean {
  const keyOf = ({ policy, sid, principals }: AccessEntry, action: string) =>
    JSON.stringify([policy, sid, principals, action])
  const typed = new Set(
    entries
      .filter(({ tier }) => tier === 'typed')
      .flatMap((entry) => entry.actions.map((each) => keyOf(entry, each))),
  )
  return entries.some(
    (entry) =>
      entry.tier === 'pattern' &&
      entry.sid !== null &&
      entry.actions.some((each) => typed.has(keyOf(entry, each))),
  )
}
