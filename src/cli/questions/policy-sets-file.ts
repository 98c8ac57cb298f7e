import {
  type Diagnostic,
  DiagnosticError,
  entryOf,
  errorOf,
  hasErrors,
  type Located,
  type LocatedEntry,
  type LocatedMap,
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
  noun: 'set of policies',
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
 * Reads the files of `--policies`.
 * @param texts takes the files' texts, for what is said of them later
 * @throws FailedWith with every problem of every set
 */
export function readPolicySets(paths: readonly string[], texts: SourceTexts): PolicySetsFile {
  const problems: Diagnostic[] = []
  const entries = new Map<string, LocatedEntry>()
  for (const path of paths)
    for (const entry of entriesOf(readMapFile('--policies', path, texts, SETS), problems)) {
      const earlier = entries.get(entry.key)
      if (earlier === undefined) entries.set(entry.key, entry)
      else problems.push(twice(entry, earlier))
      problems.push(...problemsOf(entry))
    }
  if (problems.length > 0) throw new FailedWith(new DiagnosticError(problems), texts)
  return {
    sets: new Map([...entries].map(([name, { value }]) => [name, plainOf(value)])),
    problemIn: (set, at, message) => placedError(entries.get(set)?.value ?? null, set, at, message),
  }
}

/** The sets of one file. @param problems takes what is wrong around them */
function entriesOf(root: LocatedMap, problems: Diagnostic[]): readonly LocatedEntry[] {
  for (const { key, keySpan } of root.entries)
    if (key !== 'sets')
      problems.push(
        errorOf({ code: CODE, message: `unknown key \`${key}\``, help: SETS.help, span: keySpan }),
      )
  const listed = entryOf(root, 'sets')?.value ?? null
  if (listed?.kind === 'map') return listed.entries
  problems.push(
    errorOf({
      code: CODE,
      message: listed === null ? '`sets` is missing' : '`sets` is not a map',
      help: SETS.help,
      span: spanOf(listed ?? root),
    }),
  )
  return []
}

const twice = ({ key, keySpan }: LocatedEntry, earlier: LocatedEntry): Diagnostic =>
  errorOf({
    code: CODE,
    message: `two sets are called \`${key}\``,
    help: 'give one of them another name',
    span: keySpan,
    related: [{ message: 'the other one', span: earlier.keySpan }],
  })

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

function placedError(
  set: Located | null,
  name: string,
  path: readonly PropertyKey[],
  message: string,
): Diagnostic {
  const [key] = path
  // What isn't known shows by its key, not by what stands there.
  const unknown = message.startsWith('unknown key') ? entryOf(set, String(key)) : null
  return errorOf({
    code: CODE,
    message: `set \`${name}\`: ${message}`,
    help: 'a set is what a line has under `policies`: docs/cli.md lists its keys',
    span: unknown?.keySpan ?? (set === null ? null : spanAt(set, path)),
  })
}
