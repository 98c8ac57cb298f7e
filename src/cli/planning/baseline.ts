import { declaredState } from '../../checks/declared-state.ts'
import { OBSERVE_KINDS } from '../../kinds/observe.ts'
import { PLAN_KINDS } from '../../kinds/plan.ts'
import { declarationsOf } from '../../manifest/declarations.ts'
import type { Project, ProjectAccount } from '../../manifest/desired.ts'
import { emptyState } from '../../model/empty-state.ts'
import { type AccountState, type Facts, recalledFacts, recordFacts } from '../../model/index.ts'
import { digestWithoutTarget } from '../../plan/digest-without-target.ts'
import type { Plan } from '../../plan/plan.ts'
import { observe } from '../../reconcile/observe.ts'
import { type Intent, type ReadTarget, readTarget } from '../../reconcile/plan-account.ts'
import type { ComparedCommit } from '../../report/plans/compared-commit.ts'
import type { ComparedWith } from '../arguments/compared-with.ts'
import { openTargetForReading, using } from '../opening/account-target.ts'
import { openCommit } from '../opening/open-commit.ts'
import { type CommitBefore, openCommitBefore } from '../opening/open-commit-before.ts'
import type { OpenedProject, ValidAccount } from '../opening/project.ts'

/** What a commit says of the whole project. */
export interface EarlierProject extends Pick<ComparedCommit, 'ref' | 'texts'> {
  readonly project: Project
}

interface GoneAccount {
  readonly id: string
  readonly name: string
}

/** How a plan learns of what there is. */
export interface Baseline {
  /** null: a target is read. */
  readonly against: ComparedCommit | null
  /** The commit whose declarations may be deleted besides those of the journal; null: none was named. */
  readonly base: string | null
  /** What the commit says of the whole project; null: there is no commit, or no project in it. */
  readonly earlier: EarlierProject | null
  /** The facts of the commit, for where the journal has none; null: there is no commit. */
  readonly facts: Facts | null
  /** What counts as declared before in addition to what the journal says. */
  declared(account: ValidAccount): Pick<Intent, 'base'>
  /** @throws DiagnosticError when the target can't be read */
  read(account: ValidAccount, intent: Intent): Promise<ReadTarget>
  /** Of an account that isn't planned itself. @throws DiagnosticError when the target can't be read */
  observe(account: ProjectAccount): Promise<AccountState>
  /** Accounts that the project had and doesn't have any more: nothing is planned for them. */
  readonly gone: readonly GoneAccount[]
  /** The plan as one that was made in this way. */
  marked(plan: Plan): Plan
}

/** @throws FailedWith when the project has errors in the commit */
export const openBaseline = (opened: OpenedProject, compared: ComparedWith): Promise<Baseline> =>
  compared.type === 'target' ? targetBaseline(opened, compared.base) : commitBaseline(opened, compared.ref)

async function targetBaseline(opened: OpenedProject, ref: string | null): Promise<Baseline> {
  const base = ref === null ? null : await openCommit(opened.folder, ref, '`--base`')
  return {
    against: null,
    base: base?.commit ?? null,
    earlier: base === null || ref === null ? null : { ref, project: base.project, texts: base.texts },
    // Its places are in texts of its own.
    facts: base === null ? null : recalledFacts(recordFacts(base.project)),
    declared: ({ name }) => {
      const earlier = base?.accounts.find((each) => each.name === name)
      return earlier === undefined ? {} : { base: declarationsOf(earlier.desired, PLAN_KINDS) }
    },
    read: (account, intent) =>
      using(openTargetForReading(account, opened), (readers) =>
        readTarget(readers, account.desired, OBSERVE_KINDS, intent),
      ),
    observe: (account) =>
      using(openTargetForReading(account, opened), ({ iam }) => observe(iam, account.account, OBSERVE_KINDS)),
    gone: [],
    marked: (plan) => plan,
  }
}

async function commitBaseline(opened: OpenedProject, ref: string): Promise<Baseline> {
  const before = await openCommitBefore(opened.folder, ref, `\`--against git:${ref}\``)
  const stateOf = ({ account }: ProjectAccount): AccountState => {
    const desired = accountIn(before, account)?.desired
    return desired === undefined ? emptyState(account) : declaredState(desired)
  }
  return {
    against: { ref, commit: before.commit, texts: before.texts },
    base: null,
    earlier: before.project === null ? null : { ref, project: before.project, texts: before.texts },
    facts: recalledFacts(recordFacts(before.facts)),
    declared: ({ account }) => {
      const desired = accountIn(before, account)?.desired
      return desired === undefined ? {} : { base: declarationsOf(desired, PLAN_KINDS) }
    },
    read: async (account) => ({
      observed: stateOf(account),
      journalled: {},
      recordedFacts: null,
      credentials: [],
      // Only a target knows them.
      uniqueIds: null,
      caller: null,
      formerNames: new Map(),
    }),
    observe: async (account) => stateOf(account),
    gone: before.accounts
      .filter(({ account: { id } }) => !opened.project.accounts.some(({ account }) => account.id === id))
      .map(({ account: { id }, name }) => ({ id, name })),
    // Whoever isn't declared may be an administrator: a target tells.
    marked: (plan) => ({
      ...plan,
      digest: digestWithoutTarget(plan.digest),
      refusals: plan.refusals.filter(({ rule }) => rule !== 'lastAdministrator'),
    }),
  }
}

/** An account is the one that has the id, whatever the project file calls it. */
const accountIn = (
  { accounts }: CommitBefore,
  { id, partition }: ProjectAccount['account'],
): ValidAccount | undefined =>
  accounts.find(({ account }) => account.id === id && account.partition === partition)
