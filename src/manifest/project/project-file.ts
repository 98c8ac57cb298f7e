import {
  type Diagnostic,
  entryOf,
  errorOf,
  type Located,
  nodeAt,
  plainOf,
  spanAt,
} from '../../diagnostics/index.ts'
import { type EntityKind, keysOf, tableOf } from '../../model/index.ts'
import { PROJECT_FILE } from '../../model/project-file.ts'
import type { Guard, Scope, Scopes } from '../desired.ts'
import { firstLineOf } from '../entities/declared.ts'
import { notIndented, notIndentedError } from '../hints/not-indented.ts'
import type { ManifestKinds } from '../manifest-kind.ts'
import { sectionsOf } from '../schema/manifest-schema.ts'
import { type ProjectTopInput, projectSchemas, type ScopeInput } from '../schema/project-schema.ts'
import { describe, droppedKeys, schemaDiagnostics } from '../schema/schema-issues.ts'
import { type AccountEntry, type ReportAll, readAccounts } from './project-accounts.ts'
import { substitute } from './variables.ts'

interface ProjectFile {
  /** Those without errors, in the file's order. */
  readonly accounts: readonly AccountEntry[]
  readonly scopes: Scopes
  readonly guard: Guard
  readonly secretsTo: string | null
}

const DECLARED: Scope = { type: 'declared' }

export const DEFAULT_GUARD: Guard = { maxDeletePercent: 30, minimumExisting: 10, protect: [] }

/** Of a file that says nothing. */
export const defaultProject = (kinds: ManifestKinds): ProjectFile => ({
  accounts: [],
  scopes: scopesOf(kinds, {}),
  guard: DEFAULT_GUARD,
  secretsTo: null,
})

/** @param root the file's one YAML document */
export function readProjectFile(
  root: Located,
  text: string,
  kinds: ManifestKinds,
  report: ReportAll,
): ProjectFile {
  if (root.kind !== 'map') {
    report([
      errorOf({
        code: 'manifest.wrong-type',
        message: `the project file is a map, not ${describe(root)}`,
        help: 'begin with `version: 1` and `accounts:`',
        span: firstLineOf(root),
      }),
    ])
    return defaultProject(kinds)
  }
  const accountEntries = entryOf(root, 'accounts')
  const { top } = projectSchemas(kinds)
  const strays = notIndented(root.entries, Object.keys(top.shape), [...sectionsOf(kinds).keys()])
  report(strays.map(notIndentedError))
  const passedOver = new Set(strays.flatMap(({ owner, keys }) => [owner, ...keys]))
  const rest: Located = {
    ...root,
    entries: root.entries.filter((entry) => entry.key !== 'accounts' && !passedOver.has(entry)),
  }
  const substituted = substitute(rest, text, null)
  report(substituted.diagnostics)
  const plain = plainOf(substituted.root)
  const checked = top.safeParse(plain)
  const subject = {
    title: 'the project file',
    span: { file: root.file, start: root.start, end: root.start + 1 },
  }
  const scopes = nodeAt(substituted.root, ['scope'])
  if (scopes?.kind === 'map')
    report(
      droppedKeys(
        scopes.entries.map(({ value }) => nodeAt(value, ['tag'])),
        'the key of a tag here',
      ),
    )
  if (!checked.success) report(schemaDiagnostics(checked.error.issues, top, substituted.root, subject))
  return {
    accounts:
      accountEntries !== null && passedOver.has(accountEntries)
        ? []
        : readAccounts(accountEntries, root, text, kinds, report),
    ...(checked.success
      ? {
          scopes: scopesOf(kinds, checked.data),
          guard: guardOf(checked.data, root),
          secretsTo: checked.data.secrets?.to ?? null,
        }
      : { scopes: scopesOf(kinds, {}), guard: DEFAULT_GUARD, secretsTo: null }),
  }
}

const scopesOf = (kinds: ManifestKinds, { scope }: Pick<ProjectTopInput, 'scope'>): Scopes =>
  tableOf(keysOf(kinds.entities), (kind) => scopeOf(scope?.[kinds.entities[kind].facts.section]))

function scopeOf(input: ScopeInput | undefined): Scope {
  if (input === undefined) return DECLARED
  if (typeof input === 'string') return { type: input }
  return 'path' in input
    ? { type: 'path', path: input.path }
    : { type: 'tag', tags: new Map(Object.entries(input.tag)) }
}

function guardOf({ guard }: ProjectTopInput, root: Located): Guard {
  const { maxDeletePercent, minimumExisting } = DEFAULT_GUARD
  return {
    maxDeletePercent: guard?.maxDeletePercent ?? maxDeletePercent,
    minimumExisting: guard?.minimumExisting ?? minimumExisting,
    protect: (guard?.protect ?? []).map((text, index) => {
      const slash = text.indexOf('/')
      return {
        kind: text.slice(0, slash) as EntityKind,
        name: text.slice(slash + 1),
        span: spanAt(root, ['guard', 'protect', index]),
      }
    }),
  }
}

export const noProjectFile = (files: ReadonlyMap<string, string>): Diagnostic =>
  errorOf({
    code: 'manifest.no-project-file',
    message: `there is no \`${PROJECT_FILE}\` in this folder`,
    help: files.has('iam-sync.yml')
      ? `rename \`iam-sync.yml\` to \`${PROJECT_FILE}\``
      : `run \`iam-sync init\` to write one, or name the folder that has one`,
  })
