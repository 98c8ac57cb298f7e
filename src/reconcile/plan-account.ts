import type { Diagnostic } from '../diagnostics/index.ts'
import { declarationsOf } from '../manifest/declarations.ts'
import type { DesiredState, Guard, Scopes } from '../manifest/desired.ts'
import type { Declarations } from '../model/declarations.ts'
import { sameDeclarations, uniteDeclarations } from '../model/declarations.ts'
import {
  type Account,
  type AccountState,
  type CredentialNote,
  type Facts,
  recalledFacts,
} from '../model/index.ts'
import type { Quotas } from '../model/quotas.ts'
import { uniqueIdsIn } from '../plan/documents/refused-documents.ts'
import { alignedFacts, factChanges, sameFacts } from '../plan/facts.ts'
import type { FactChange, Plan } from '../plan/plan.ts'
import { type PlanRequest, planChanges } from '../plan/plan-changes.ts'
import type { PlanKinds } from '../plan/planning.ts'
import type { OtherAccounts } from '../plan/principals/other-accounts.ts'
import type { SettingPlans } from '../plan/setting-plan.ts'
import type { NeededSecret } from '../plan/steps/needed-secrets.ts'
import type { IamReader, JournalReader, ReadableTarget } from '../target/ports.ts'
import { observe } from './observe.ts'
import { type AskedParents, type Claims, hasAnswers, parentsIn, withFreed } from './observe-children.ts'
import type { ObserveKinds } from './observe-kind.ts'
import { wasLookedFor } from './observe-undeclared.ts'
import { observeUniqueIds } from './observe-unique-ids.ts'

/** What a project wants of one account. */
export interface Intent {
  /** What plans know of each kind. */
  readonly kinds: PlanKinds
  /** And of each setting. */
  readonly settings: SettingPlans
  /** How what there is of each is read. */
  readonly observeKinds: ObserveKinds
  readonly desired: DesiredState
  readonly scopes: Scopes
  readonly guard: Guard
  /** Those of the target: AWS's defaults and what the project file changes in them. */
  readonly quotas: Quotas
  /** What counts as declared before in addition to what the journal says: `declarationsOf` an earlier commit. */
  readonly base?: Declarations
  /** What the project says of the organization and of resources. Absent: nothing is compared or written down. */
  readonly declaredFacts?: DeclaredFacts
  /** The project's other accounts as they were when this was asked for. */
  readonly others?: OtherAccounts
  /** The text of one of AWS's own policies; null: it isn't known. Absent: none is. */
  readonly awsDocument?: NonNullable<PlanRequest['awsDocument']>
  /** The moment that it is asked for, in milliseconds: what is due by then is done. Absent: no time passes. */
  readonly at?: number
  /** Of whom what is named under them is read in full besides, by kind. Absent: of nobody. */
  readonly inFull?: AskedParents
  /** Whether somebody has agreed to a plan that lets somebody do more for a few calls. */
  readonly allowBrieflyWider?: boolean
}

interface DeclaredFacts {
  readonly now: Facts
  /** Those of an earlier commit, for where the journal has none. */
  readonly base: Facts | null
  /** The ids of all accounts of the project. */
  readonly projectAccounts: ReadonlySet<string>
}

/** All that a plan needs of a target: nothing here writes. */
export interface Readers {
  readonly iam: IamReader
  readonly journal: Pick<JournalReader, 'declared' | 'facts'> & Partial<Pick<JournalReader, 'credentials'>>
  /** Absent: it takes its caller for nobody. */
  readonly caller?: ReadableTarget['caller']
}

/** What was read of an account's target. */
export interface ReadTarget {
  readonly observed: AccountState
  /** What the journal says was declared. */
  readonly journalled: Declarations
  /** The facts that it has; null: none. */
  readonly recordedFacts: Facts | null
  /** What the journal says of credentials. */
  readonly credentials: readonly CredentialNote[]
  /** Of its users and roles, by ARN; null: nothing that is declared asks for them. */
  readonly uniqueIds: ReadonlyMap<string, string> | null
  /** By unique id the ARN that somebody had whom the journal took note of. */
  readonly formerNames: ReadonlyMap<string, string>
  /** The ARN of whom it takes its caller for; null: nobody. */
  readonly caller: string | null
}

export interface PlannedAccount {
  readonly plan: Plan
  readonly observed: AccountState
  /** With an error among them, the plan is to be shown but not to be applied. */
  readonly diagnostics: readonly Diagnostic[]
  /** What carrying out the plan takes. */
  readonly secrets: readonly NeededSecret[]
  /** By unique id, what the journal calls those it took note of. */
  readonly formerNames: ReadonlyMap<string, string>
  /** What the journal said of credentials. */
  readonly credentials: readonly CredentialNote[]
  /** What an apply writes down of credentials that no journal has the names of. */
  readonly adopted: readonly CredentialNote[]
  /** What counted as declared before. */
  readonly declaredBefore: Declarations
  /** The facts that went before, with the objects of now for all that is as before; null: they aren't known. */
  readonly factsBefore: Facts | null
  /**
   * Whether the journal already says what is declared now. If not, an apply has something to write even when the plan
   * is empty: what it owns from now on.
   */
  readonly recorded: boolean
}

/**
 * Says what would have to happen to an account.
 * @throws IamError, DiagnosticError when the target can't be read
 */
export async function planAccount(intent: Intent, target: Readers): Promise<PlannedAccount> {
  const read = await readTarget(target, intent.desired, intent.observeKinds, intent)
  return planRead(intent, planInput(intent, read), read)
}

interface DeclaredRoles {
  readonly entities: Pick<DesiredState['entities'], 'role'>
}

/** What is to be planned with what is read. */
type Planned = Pick<Intent, 'desired' | 'scopes' | 'base' | 'inFull'>

const claimsOf = ({ desired, scopes, base, inFull }: Planned, journalled: Declarations): Claims => ({
  desired,
  scopes,
  ...(inFull === undefined ? {} : { inFull }),
  declaredBefore: base === undefined ? journalled : uniteDeclarations(journalled, base),
})

/** Whether all was read of what a plan of this takes: it may be about the children of others than an earlier one. */
export const isReadFor = (planned: Planned, { observed, journalled }: ReadTarget): boolean =>
  hasAnswers(observed.children, parentsIn(observed.entities, claimsOf(planned, journalled))) &&
  wasLookedFor(observed.entities, planned, observed.undeclared)

/**
 * @param planned null: nothing is planned, and nobody's children are read
 * @throws IamError, DiagnosticError when the target can't be read
 */
export async function readTarget(
  target: Readers,
  desired: { readonly account: Account } & DeclaredRoles,
  kinds: ObserveKinds,
  planned: Planned | null,
): Promise<ReadTarget> {
  const journalled = await target.journal.declared()
  const recorded = await target.journal.facts()
  const credentials = (await target.journal.credentials?.()) ?? []
  const seen = await observe(
    target.iam,
    desired.account,
    kinds,
    (entities) => (planned === null ? {} : parentsIn(entities, claimsOf(planned, journalled))),
    planned,
  )
  const children = await withFreed(target.iam, kinds.children, seen.children, credentials)
  const observed = { ...seen, children }
  const uniqueIds = needsUniqueIds(desired, observed) ? await observeUniqueIds(target.iam) : null
  return {
    journalled,
    observed,
    credentials,
    recordedFacts: recorded === null ? null : recalledFacts(recorded),
    uniqueIds,
    formerNames: new Map(Object.entries(recorded?.principals ?? {})),
    caller: (await target.caller?.()) ?? null,
  }
}

/** Whether a plan has to know who has which id: trust policies may name somebody by it, and who is made anew loses it. */
export const needsUniqueIds = ({ entities }: DeclaredRoles, observed: AccountState): boolean =>
  [...entities.role.values()].some(
    ({ name, arn, trustPolicy }) =>
      uniqueIdsIn(trustPolicy.json).length > 0 || (observed.entities.role.get(name)?.arn ?? arn) !== arn,
  )

export const planInput = (
  {
    kinds,
    settings,
    desired,
    scopes,
    guard,
    quotas,
    base,
    others,
    declaredFacts,
    awsDocument,
    allowBrieflyWider,
    at,
  }: Intent,
  { observed, journalled, recordedFacts, uniqueIds, formerNames, caller, credentials }: ReadTarget,
): PlanRequest => ({
  kinds,
  settings,
  desired,
  scopes,
  guard,
  quotas,
  observed,
  credentials,
  ...(at === undefined ? {} : { at }),
  declaredBefore: base === undefined ? journalled : uniteDeclarations(journalled, base),
  ...(others === undefined ? {} : { others }),
  ...(awsDocument === undefined ? {} : { awsDocument }),
  ...(allowBrieflyWider === undefined ? {} : { allowBrieflyWider }),
  ...(uniqueIds === null ? {} : { uniqueIds }),
  ...(caller === null ? {} : { caller }),
  ...(formerNames.size === 0 ? {} : { formerNames }),
  ...(declaredFacts === undefined ? {} : { resources: declaredFacts.now.resources }),
  ...(declaredFacts === undefined
    ? {}
    : { facts: changedFacts(declaredFacts, recordedFacts, desired.account) }),
})

function changedFacts(
  { now, base, projectAccounts }: DeclaredFacts,
  recorded: Facts | null,
  account: Account,
): readonly FactChange[] {
  const before = recorded ?? base
  return before === null ? [] : factChanges(before, now, { account, projectAccounts })
}

/** The plan of what was read. @param input of `intent` and `read` */
export const planRead = (
  { kinds, desired, declaredFacts: facts }: Pick<Intent, 'kinds' | 'desired' | 'declaredFacts'>,
  input: PlanRequest,
  { observed, journalled, recordedFacts, formerNames, credentials }: ReadTarget,
): PlannedAccount => ({
  ...planChanges(input),
  observed,
  formerNames,
  credentials,
  declaredBefore: input.declaredBefore,
  factsBefore: factsBefore(facts, recordedFacts, desired.account),
  recorded:
    sameDeclarations(journalled, declarationsOf(desired, kinds)) &&
    areRecorded(facts, recordedFacts, desired.account),
})

export function factsBefore(
  facts: DeclaredFacts | undefined,
  recorded: Facts | null,
  account: Account,
): Facts | null {
  const before = recorded ?? facts?.base ?? null
  return facts === undefined || before === null ? null : alignedFacts(before, facts.now, account)
}

/** Whether the journal has the facts of now. Where there never were any, it needs no entry that says so. */
export const areRecorded = (
  facts: DeclaredFacts | undefined,
  recorded: Facts | null,
  account: Account,
): boolean => facts === undefined || sameFacts(recorded ?? NO_FACTS, facts.now, account)

const NO_FACTS: Facts = { organization: null, resources: new Map() }

/** Plans once more against what is there now, with the same memory of what was declared before. */
export async function planAgain(
  intent: Intent,
  { iam, journal }: { readonly iam: IamReader; readonly journal: Pick<JournalReader, 'credentials'> },
  declaredBefore: Declarations,
): Promise<Pick<PlannedAccount, 'plan' | 'diagnostics'>> {
  const observed = await observe(iam, intent.desired.account, intent.observeKinds, (entities) =>
    parentsIn(entities, { ...intent, declaredBefore }),
  )
  const { kinds, settings, desired, scopes, guard, quotas, others, at } = intent
  return planChanges({
    kinds,
    settings,
    desired,
    scopes,
    guard,
    quotas,
    observed,
    declaredBefore,
    credentials: await journal.credentials(),
    ...(at === undefined ? {} : { at }),
    ...(others === undefined ? {} : { others }),
  })
}
