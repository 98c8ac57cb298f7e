import { declaredEstate } from '../../checks/declared-estate.ts'
import { type Diagnostic, SourceTexts } from '../../diagnostics/index.ts'
import type { InputName } from '../../intake/inputs.ts'
import { emptyState } from '../../model/empty-state.ts'
import type { Estate } from '../../model/index.ts'
import type { InputOptions, StateName } from '../arguments/state-words.ts'
import type { Invocation } from '../command.ts'
import { InputBytes, openInput } from '../opening/input.ts'
import { openCommit } from '../opening/open-commit.ts'
import { openProject, refuseUnknownAccounts } from '../opening/project.ts'
import { observedEstate } from './observed-estate.ts'

/** One state of all accounts: of the project, or of what others wrote. */
export interface OpenedState {
  readonly estate: Estate
  /** By account id; of what others wrote there are none, and an account is called by its id. */
  readonly names: ReadonlyMap<string, string>
  readonly texts: SourceTexts
  readonly diagnostics: readonly Diagnostic[]
}

/**
 * Opens two states, of one file perhaps, which is read once.
 * @param options what the user says of what others wrote
 * @throws FailedWith, DiagnosticError when the project has errors there, or a target or an input can't be read
 */
export async function openBoth(
  [old, recent]: readonly [StateName, StateName],
  folder: string,
  options: InputOptions,
): Promise<readonly [OpenedState, OpenedState]> {
  const files = new InputBytes()
  return [await openState(old, folder, options, files), await openState(recent, folder, options, files)]
}

/**
 * @param options what the user says of what others wrote
 * @param files where another state may be of the same file
 * @throws FailedWith, DiagnosticError when the project has errors there, or a target or an input can't be read
 */
export async function openState(
  name: StateName,
  folder: string,
  options: InputOptions,
  files: InputBytes = new InputBytes(),
): Promise<OpenedState> {
  if (name.type === 'input') return openInputState(name.input, options, files)
  const opened =
    name.type === 'git'
      ? await openCommit(folder, name.ref, `\`git:${name.ref}\``)
      : await openProject({ folder, accounts: [], ref: null })
  const { project, texts, diagnostics } = opened
  return {
    estate: name.type === 'observed' ? await observedEstate(opened, 'all') : declaredEstate(project),
    names: new Map(project.accounts.map((each) => [each.account.id, each.name])),
    texts,
    diagnostics,
  }
}

async function openInputState(
  input: InputName,
  options: InputOptions,
  files: InputBytes,
): Promise<OpenedState> {
  const texts = new SourceTexts()
  const { estate, findings } = await openInput(input, options, texts, files)
  return { estate, names: new Map(), texts, diagnostics: findings }
}

interface ComparedAccount {
  readonly id: string
  readonly name: string
}

/** Two states of the same accounts: one that only one of them has is empty in the other. */
interface ComparedStates {
  readonly before: Estate
  readonly after: Estate
  /** The selected ones, in the order of the project file; those that are gone last. */
  readonly accounts: readonly ComparedAccount[]
}

/** @throws DiagnosticError when a selected account is in neither state */
export function comparedStates(
  before: OpenedState,
  after: OpenedState,
  { accounts: selected }: Pick<Invocation, 'accounts'>,
): ComparedStates {
  const names = new Map([...after.names, ...[...before.names].filter(([id]) => !after.names.has(id))])
  for (const { account } of [...after.estate.accounts, ...before.estate.accounts])
    if (!names.has(account.id)) names.set(account.id, account.id)
  refuseUnknownAccounts(selected, [...names.values()])
  return {
    before: completed(before.estate, after.estate),
    after: completed(after.estate, before.estate),
    accounts: [...names].flatMap(([id, name]) =>
      selected.length === 0 || selected.includes(name) ? [{ id, name }] : [],
    ),
  }
}

function completed(estate: Estate, other: Estate): Estate {
  const ids = new Set(estate.accounts.map(({ account }) => account.id))
  const missing = other.accounts.filter(({ account }) => !ids.has(account.id))
  return missing.length === 0
    ? estate
    : {
        ...estate,
        accounts: [...estate.accounts, ...missing.map(({ account }) => emptyState(account))],
      }
}
