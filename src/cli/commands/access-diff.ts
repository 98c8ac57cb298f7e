import { existsSync } from 'node:fs'
import { loadManagedPolicies } from '../../catalog/managed-policies.ts'
import {
  asWarning,
  type Diagnostic,
  DiagnosticError,
  didYouMean,
  errorOf,
  hasErrors,
  SourceTexts,
} from '../../diagnostics/index.ts'
import { holdsTwoStates } from '../../intake/inputs.ts'
import type { PlacedDocument } from '../../model/index.ts'
import { parsePolicy } from '../../policy/parse.ts'
import { accessReason } from '../../report/decisions/reasons.ts'
import type { ComparedAccess } from '../../report/result.ts'
import { inputOptions, refuseWithoutInput, type StateName, stateNamed } from '../arguments/state-words.ts'
import { missingNew, terraformHelp } from '../arguments/usage-error.ts'
import { type CommandOutcome, FailedWith, flagSet, flagText, type Invocation } from '../command.ts'
import { EXIT } from '../exit-code.ts'
import { type OpenAnalysis, openAnalysis, requiredAnalysis } from '../questions/access-analysis.ts'
import { accessChanges } from '../questions/access-changes.ts'
import { comparedStates, openBoth } from '../questions/compared-states.ts'
import { diffWithKnownParts } from '../questions/known-parts.ts'
import { EMPTY, EMPTY_POLICY, readPolicyFile } from '../questions/policy-file.ts'

export async function run(
  invocation: Invocation,
  open: OpenAnalysis | null = openAnalysis,
): Promise<CommandOutcome> {
  const [old, recent] = comparedWords(invocation)
  const [before, after] = [stateNamed(old), stateNamed(recent)]
  refuseWithoutInput(invocation.flags, [before, after])
  if (before === null) refuseName(old)
  if (after === null) refuseName(recent)
  if (before !== null && after !== null) return diffStates(before, after, invocation, open)
  if (before === null && after === null) return diffFiles(old, recent, invocation, open)
  const [state, file] = before === null ? [recent, old] : [old, recent]
  throw new DiagnosticError(
    errorOf({
      code: 'cli.mixed-comparison',
      message: `\`${state}\` is a state, and \`${file}\` ${file === EMPTY ? 'stands for no policy' : 'a policy file'}`,
      help: 'compare two states (`desired`, `observed`, `git:REF`, `gaad:FILE`, `tfplan:FILE`, `cfn:FILE`) or two files, of which one may be `empty`',
    }),
  )
}

async function diffStates(
  old: StateName,
  recent: StateName,
  invocation: Invocation,
  open: OpenAnalysis | null,
): Promise<CommandOutcome> {
  const { folder } = invocation
  const options = inputOptions(invocation.flags)
  const [before, after] = await openBoth([old, recent], folder, options)
  const { texts } = after
  try {
    const compared = comparedStates(before, after, invocation)
    const facts = await loadManagedPolicies()
    const analysis = await requiredAnalysis({ documentOf: facts.document, now: new Date() }, open)
    const diffs = await diffWithKnownParts(
      analysis,
      compared.before,
      compared.after,
      compared.accounts.map(({ id }) => id),
    )
    const stateOf = (side: 'before' | 'after', id: string) =>
      compared[side].accounts.find(({ account }) => account.id === id)
    const accounts: ComparedAccess[] = []
    const why: string[] = []
    for (const account of compared.accounts) {
      const diff = diffs.get(account.id)
      const states = { before: stateOf('before', account.id), after: stateOf('after', account.id) }
      if (diff === undefined || states.before === undefined || states.after === undefined) continue
      const changes = await accessChanges(
        diff,
        { before: states.before, after: states.after },
        compared.after.unseen ?? compared.before.unseen,
      )
      accounts.push({ account, diff, changes, earlier: before.texts })
      why.push(...whyOf(diff, account.name, invocation))
    }
    return {
      exitCode: why.length > 0 ? EXIT.changes : EXIT.ok,
      why,
      result: { type: 'access diff', compared: accounts },
      diagnostics: distinct([...(old.type === 'input' ? before.diagnostics : []), ...after.diagnostics]),
      texts,
    }
  } catch (error) {
    throw error instanceof FailedWith ? error : new FailedWith(error, texts)
  }
}

async function diffFiles(
  old: string,
  recent: string,
  invocation: Invocation,
  open: OpenAnalysis | null,
): Promise<CommandOutcome> {
  const texts = new SourceTexts()
  const [before, after] = [checkedPolicy('OLD', old, texts), checkedPolicy('NEW', recent, texts)]
  const facts = await loadManagedPolicies()
  const analysis = await requiredAnalysis({ documentOf: facts.document, now: new Date() }, open)
  const diff = await analysis.diffPolicies(before.document, after.document)
  const why = whyOf(diff, null, invocation)
  return {
    exitCode: why.length > 0 ? EXIT.changes : EXIT.ok,
    why,
    result: {
      type: 'access diff',
      compared: [{ account: null, diff, changes: await accessChanges(diff, null), earlier: null }],
    },
    diagnostics: [...before.warnings, ...after.warnings],
    texts,
  }
}

/** Why to exit with 2, if that was asked for. What isn't known may have changed. */
const whyOf = (
  { verdict }: { readonly verdict: string },
  account: string | null,
  { flags }: Invocation,
): readonly string[] =>
  verdict !== 'none' && flagSet(flags, 'exitCode') ? [accessReason(verdict, account)] : []

/** What is true of both sides of one input is said once. */
const distinct = (diagnostics: readonly Diagnostic[]): readonly Diagnostic[] => [
  ...new Map(
    diagnostics.map((each) => [JSON.stringify([each.code, each.message, each.span]), each]),
  ).values(),
]

/** OLD and NEW; of what holds two states alone, what it was before and what it is after. @throws DiagnosticError */
function comparedWords({ flags }: Invocation): readonly [old: string, recent: string] {
  const [old, recent] = [flagText(flags, 'old') ?? '', flagText(flags, 'new')]
  if (recent !== null) return [old, recent]
  const state = stateNamed(old)
  if (state?.type === 'input' && holdsTwoStates(state.input)) return [`${old}#before`, old]
  throw new DiagnosticError(missingNew(old))
}

/** Branches and mistyped states are no files, and it helps little to say that there is none. */
function refuseName(word: string): void {
  const ofTerraform = terraformHelp(word)
  const isFile = word === EMPTY || /^[./\\]|\.(?:json|ya?ml)$/i.test(word) || existsSync(word)
  if (ofTerraform === null && isFile) return
  const help =
    ofTerraform ??
    didYouMean(word, ['desired', 'observed', EMPTY], `for a commit, branch or tag write \`git:${word}\``)
  throw new DiagnosticError(
    errorOf({
      code: 'cli.policy-file',
      message: `\`${word}\` is neither a state nor a policy file`,
      help,
    }),
  )
}

/**
 * It is only read: that IAM would not store it is a warning.
 * @throws FailedWith when it is no policy that somebody could hold
 */
function checkedPolicy(
  argument: string,
  path: string,
  texts: SourceTexts,
): { readonly document: PlacedDocument; readonly warnings: readonly Diagnostic[] } {
  if (path === EMPTY) return { document: EMPTY_POLICY, warnings: [] }
  const { document } = readPolicyFile(argument, path, texts)
  const { diagnostics, refusals } = parsePolicy(document.json, document.located, 'identity', 'validate')
  if (hasErrors(diagnostics.filter((each) => !refusals.has(each))))
    throw new FailedWith(new DiagnosticError(diagnostics), texts)
  return { document, warnings: [...refusals].map(asWarning) }
}
