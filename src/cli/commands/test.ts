import { DiagnosticError, errorOf, infoOf, SourceTexts } from '../../diagnostics/index.ts'
import type { OtherNames } from '../../manifest/load-project.ts'
import { byKind, type Estate } from '../../model/index.ts'
import { checksReason } from '../../report/decisions/reasons.ts'
import type { CheckedAccount } from '../../report/result.ts'
import { readingOf } from '../arguments/question-flags.ts'
import { askedState, inputOptions, refuseWithoutInput } from '../arguments/state-words.ts'
import { type CommandOutcome, FailedWith, flagText, type Invocation } from '../command.ts'
import { EXIT } from '../exit-code.ts'
import { openInput } from '../opening/input.ts'
import { type OpenedProject, openProject, type ValidAccount } from '../opening/project.ts'
import { analysisOf, checksOf } from '../planning/planning.ts'
import { observedEstate } from '../questions/observed-estate.ts'

export async function run(invocation: Invocation): Promise<CommandOutcome> {
  const { folder, accounts, flags } = invocation
  const state = askedState(flags)
  refuseWithoutInput(flags, [state])
  const ref = state.type === 'git' ? state.ref : flagText(flags, 'ref')
  const texts = new SourceTexts()
  const input = state.type === 'input' ? await openInput(state.input, inputOptions(flags), texts) : null
  const others = input === null ? {} : { others: namesIn(input.estate) }
  const opened = await openProject({ folder, accounts, ref, texts, ...others })
  const estate = input?.estate ?? (state.type === 'observed' ? await observedEstate(opened, 'all') : null)
  const checks = checksOf(opened, analysisOf(opened, readingOf(flags)), estate)
  const ofAccounts: CheckedAccount[] = []
  const why: string[] = []
  const { checked, skipped } = accountsIn(estate, opened)
  for (const { account, desired, name } of checked) {
    const results = await checks.run(desired)
    ofAccounts.push({ id: account.id, name, results })
    why.push(...[checksReason(results, name, opened.texts)].filter((reason) => reason !== null))
  }
  return {
    exitCode: why.length === 0 ? EXIT.ok : EXIT.testFailed,
    why,
    result: { type: 'test', results: ofAccounts.flatMap(({ results }) => results), accounts: ofAccounts },
    diagnostics: [...opened.diagnostics, ...(input?.findings ?? []), ...skippedNote(skipped)],
    texts: opened.texts,
  }
}

/** Tests and invariants may name whoever the state has. */
const namesIn = ({ accounts }: Estate): OtherNames =>
  new Map(
    accounts.map(({ account, entities }) => [
      account.id,
      byKind((kind) => new Map([...entities[kind]].map(([name, { arn }]) => [name, arn]))),
    ]),
  )

interface CheckedAccounts {
  readonly checked: readonly ValidAccount[]
  /** Of these the state has nothing. */
  readonly skipped: readonly ValidAccount[]
}

/** @param estate null: what the YAML says. @throws FailedWith when it has none of the accounts */
function accountsIn(estate: Estate | null, { accounts, texts }: OpenedProject): CheckedAccounts {
  if (estate === null) return { checked: accounts, skipped: [] }
  const there = new Set(estate.accounts.map(({ account }) => account.id))
  const checked = accounts.filter(({ account }) => there.has(account.id))
  if (checked.length > 0 || accounts.length === 0)
    return { checked, skipped: accounts.filter(({ account }) => !there.has(account.id)) }
  throw new FailedWith(
    new DiagnosticError(
      errorOf({
        code: 'cli.other-accounts',
        message: `the state is of ${listed([...there])}, and the tests are about ${listed(accounts.map(({ account }) => account.id))}`,
        help: 'tests and invariants are about accounts of the project file: give one the id of the account that the state is of',
      }),
    ),
    texts,
  )
}

const listed = (ids: readonly string[]): string =>
  ids.length === 0 ? 'no account' : ids.map((id) => `\`${id}\``).join(', ')

const skippedNote = (skipped: readonly ValidAccount[]) =>
  skipped.length === 0
    ? []
    : [
        infoOf({
          code: 'cli.accounts-not-in-state',
          message: `not run: the tests of ${skipped.map(({ name }) => `\`${name}\``).join(', ')}, which the state has nothing of`,
        }),
      ]
