import {
  type Diagnostic,
  DiagnosticError,
  entryOf,
  errorOf,
  hasErrors,
  type Located,
  type LocatedEntry,
  nodeAt,
  plainOf,
  type SourceTexts,
  spanAt,
  spanOf,
} from '../../diagnostics/index.ts'
import { BatchError } from '../../evaluator/batch/batch-error.ts'
import { PROJECT } from '../../evaluator/batch/batch-line.ts'
import { type BatchPolicies, documentsOf, readPolicies } from '../../evaluator/batch/batch-policies.ts'
import { parsePolicy } from '../../policy/parse.ts'
import { FailedWith } from '../command.ts'
import { type FileKind, readMapFile } from './policy-file.ts'

const CODE = 'cli.policy-sets'

const SETS: FileKind = {
  code: CODE,
  noun: 'sets of policies',
  help: 'write `{"sets": {"NAME": {"identity": [ … ]}}}`: by name, each what a line has under `policies`',
  mostBytes: 64 * 1024 * 1024,
}

/** The named sets of `--policies FILE`, and where each stands. */
export interface PolicySetsFile {
  readonly sets: ReadonlyMap<string, unknown>
  /** What is wrong with a set, as an error with its place. */
  problemIn(set: string, path: readonly PropertyKey[], message: string): Diagnostic
}

/**
 * Reads the file of `--policies`.
 * @param texts takes the file's text, for what is said of it later
 * @throws FailedWith with every problem of every set
 */
export function readPolicySets(path: string, texts: SourceTexts): PolicySetsFile {
  const root = readMapFile('--policies', path, texts, SETS)
  const problems: Diagnostic[] = []
  for (const { key, keySpan } of root.entries)
    if (key !== 'sets')
      problems.push(
        errorOf({ code: CODE, message: `unknown key \`${key}\``, help: SETS.help, span: keySpan }),
      )
  const listed = entryOf(root, 'sets')?.value ?? null
  if (listed?.kind !== 'map')
    problems.push(
      errorOf({
        code: CODE,
        message: listed === null ? '`sets` is missing' : '`sets` is not a map',
        help: SETS.help,
        span: spanOf(listed ?? root),
      }),
    )
  const entries = listed?.kind === 'map' ? listed.entries : []
  for (const entry of entries) problems.push(...problemsOf(entry))
  if (problems.length > 0) throw new FailedWith(new DiagnosticError(problems), texts)
  return {
    sets: new Map(entries.map(({ key, value }) => [key, plainOf(value)])),
    problemIn: (set, at, message) => placedError(entryOf(listed, set)?.value ?? root, set, at, message),
  }
}

function problemsOf({ key, keySpan, value }: LocatedEntry): readonly Diagnostic[] {
  if (key === PROJECT)
    return [
      errorOf({
        code: CODE,
        message: `a set can't be called \`${PROJECT}\``,
        help: 'in a line that stands for what the project of `--dir` declares: give the set another name',
        span: keySpan,
      }),
    ]
  let policies: BatchPolicies
  try {
    policies = readPolicies(plainOf(value))
  } catch (error) {
    if (error instanceof BatchError) return [placedError(value, key, error.path, error.message)]
    throw error
  }
  return documentsOf(policies).flatMap(({ path, document, uses }) => {
    const reads = uses.map((use) => parsePolicy(document, nodeAt(value, path), use, 'evaluate'))
    return reads.some(({ policy }) => policy !== null) ? [] : (reads[0]?.diagnostics.filter(isError) ?? [])
  })
}

const isError = (diagnostic: Diagnostic): boolean => hasErrors([diagnostic])

function placedError(set: Located, name: string, path: readonly PropertyKey[], message: string): Diagnostic {
  const [key] = path
  // What isn't known shows by its key, not by what stands there.
  const unknown = message.startsWith('unknown key') ? entryOf(set, String(key)) : null
  return errorOf({
    code: CODE,
    message: `set \`${name}\`: ${message}`,
    help: 'a set is what a line has under `policies`: docs/cli.md lists its keys',
    span: unknown?.keySpan ?? spanAt(set, path),
  })
}
