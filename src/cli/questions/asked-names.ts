import { loadKnownNames } from '../../catalog/known-names.ts'
import { type AskedNames, type AskedPart, askedNameProblems } from '../../checks/names/asked-names.ts'
import { partitionProblem, partitionsOf } from '../../checks/names/partition-names.ts'
import { type Diagnostic, DiagnosticError, errorOf, warningOf } from '../../diagnostics/index.ts'
import { FailedWith, type Flags, flagSet } from '../command.ts'
import type { AskedEstate } from './asked-estate.ts'

/** The flag that gives each part of a question; absent: it is an argument. */
type PartFlags = Readonly<Partial<Record<AskedPart, string>>>

/**
 * Refuses a question that names what nothing is known by: its answer would be "nobody", for the wrong reason. Called before
 * anything is opened.
 * @throws DiagnosticError `names.…`, all of them, unless `--allow-unknown-actions` is given
 */
export async function refuseUnknownNames(flags: Flags, asked: AskedNames, parts: PartFlags): Promise<void> {
  if (flagSet(flags, 'allowUnknownActions')) return
  const problems = askedNameProblems(asked, await loadKnownNames())
  if (problems.length === 0) return
  throw new DiagnosticError(
    problems.map(({ part, code, message, help }) =>
      errorOf({
        code,
        message: placed(message, parts[part]),
        help: `${help} (what is newer than the catalogue: \`--allow-unknown-actions\`)`,
      }),
    ),
  )
}

/**
 * Refuses a question about what nobody of the project reaches, since it is in another partition.
 * @throws FailedWith `names.partition`, unless `--allow-unknown-actions` is given
 */
export function refuseOtherPartitions(
  flags: Flags,
  resources: readonly string[],
  { all, resources: declared, texts }: Pick<AskedEstate, 'all' | 'resources' | 'texts'>,
): void {
  if (flagSet(flags, 'allowUnknownActions')) return
  const partitions = partitionsOf({ accounts: all, resources: declared })
  const problems = resources.flatMap((resource) => partitionProblem(resource, partitions) ?? [])
  if (problems.length > 0)
    throw new FailedWith(
      new DiagnosticError(
        problems.map((problem) =>
          errorOf({ ...problem, help: `${problem.help} (if it is meant: \`--allow-unknown-actions\`)` }),
        ),
      ),
      texts,
    )
}

/** Tells the names that nothing is known by, and those of other partitions, of a question that is decided all the same. */
export async function warnOfUnknownNames(
  asked: AskedNames,
  parts: PartFlags,
  { all, resources }: Pick<AskedEstate, 'all' | 'resources'>,
): Promise<readonly Diagnostic[]> {
  return askedNameProblems(asked, await loadKnownNames(), partitionsOf({ accounts: all, resources })).map(
    ({ part, code, message, help }) => warningOf({ code, message: placed(message, parts[part]), help }),
  )
}

const placed = (message: string, flag: string | undefined): string =>
  flag === undefined ? message : `\`${flag}\`: ${message}`
