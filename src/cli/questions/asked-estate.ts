import { loadManagedPolicies, type ManagedPolicyFacts } from '../../catalog/managed-policies.ts'
import { declaredEstate } from '../../checks/declared-estate.ts'
import { type Diagnostic, DiagnosticError, errorOf, SourceTexts } from '../../diagnostics/index.ts'
import type { Account, Estate } from '../../model/index.ts'
import { askedState, inputOptions, refuseWithoutInput, type StateName } from '../arguments/state-words.ts'
import { flagText, type Invocation } from '../command.ts'
import { openInput } from '../opening/input.ts'
import { openProject } from '../opening/project.ts'
import { observedEstate } from './observed-estate.ts'

/** An account, and what it is called: in what others wrote by its id. */
export interface NamedAccount {
  readonly name: string
  readonly account: Account
}

/** What a question is asked of: a state of a project, or what others wrote. */
export interface AskedEstate {
  readonly state: StateName
  /** The selected accounts. */
  readonly accounts: readonly NamedAccount[]
  /** Of these the question may be about, and of these resources. */
  readonly all: readonly NamedAccount[]
  readonly resources: Estate['resources']
  readonly diagnostics: readonly Diagnostic[]
  readonly texts: SourceTexts
  readonly facts: ManagedPolicyFacts
  /**
   * @param needed of what is applied: the ids of accounts to observe; the others stay unknown
   * @throws DiagnosticError when a target can't be read
   */
  readonly estate: (needed: ReadonlySet<string> | 'all') => Promise<Estate>
}

/**
 * Opens what `--as-of` and `--ref` name.
 * @param others states that it is compared with
 * @throws FailedWith when the project has errors; DiagnosticError for wrong flags, and an input that can't be read
 */
export async function openAsked(
  { folder, accounts, flags }: Invocation,
  others: readonly StateName[] = [],
): Promise<AskedEstate> {
  const state = askedState(flags)
  refuseWithoutInput(flags, [state, ...others])
  if (state.type === 'input') return openAskedInput(state, accounts, flags)
  const ref = state.type === 'git' ? state.ref : flagText(flags, 'ref')
  const opened = await openProject({ folder, accounts, ref })
  const { project, texts, diagnostics, facts } = opened
  return {
    state,
    accounts: opened.accounts,
    all: project.accounts,
    resources: project.resources,
    texts,
    diagnostics,
    facts,
    estate: async (needed) =>
      state.type === 'observed' ? observedEstate(opened, needed) : declaredEstate(project),
  }
}

async function openAskedInput(
  state: Extract<StateName, { readonly type: 'input' }>,
  selected: readonly string[],
  flags: Invocation['flags'],
): Promise<AskedEstate> {
  const texts = new SourceTexts()
  const { estate, findings } = await openInput(state.input, inputOptions(flags), texts)
  const all = estate.accounts.map(({ account }) => ({ name: account.id, account }))
  refuseUnknownInputAccounts(
    selected,
    all.map(({ name }) => name),
    state.input.file,
  )
  return {
    state,
    accounts: selected.length === 0 ? all : all.filter(({ name }) => selected.includes(name)),
    all,
    resources: estate.resources,
    diagnostics: findings,
    texts,
    facts: await loadManagedPolicies(),
    estate: async () => estate,
  }
}

function refuseUnknownInputAccounts(
  selected: readonly string[],
  known: readonly string[],
  file: string,
): void {
  const [unknown] = selected.filter((name) => !known.includes(name))
  if (unknown === undefined) return
  throw new DiagnosticError(
    errorOf({
      code: 'cli.unknown-account',
      message: `there is no account \`${unknown}\` in \`${file}\``,
      help: `accounts of what others wrote are called by their ids: ${known.map((each) => `\`${each}\``).join(', ')}`,
    }),
  )
}
