import { type Diagnostic, DiagnosticError, errorOf, hasErrors, warningOf } from '../../diagnostics/index.ts'
import { PLAN_KINDS } from '../../kinds/plan.ts'
import type { DesiredState } from '../../manifest/desired.ts'
import { type AnyDesiredEntity, type EntityKind, keysOf } from '../../model/index.ts'
import { PROJECT_FILE } from '../../model/project-file.ts'
import { namedEntities } from '../../plan/digest.ts'
import { folderOnDisk } from '../../source/directory.ts'
import { FailedWith } from '../command.ts'
import { type OpenedProject, type OpenOptions, openProject } from '../opening/project.ts'
import type { Preview } from './planning.ts'
import { MOST_NAMES, type ReviewedPlans } from './reviewed-plans.ts'

/** Files that have errors now, and count as they were when a plan was saved. */
interface FilesAsSaved {
  readonly files: ReadonlySet<string>
  readonly commit: string
  /** What is wrong with them now. */
  readonly errors: FailedWith
}

/**
 * Opens a project to apply a plan in it. What was saved of a commit isn't held up by errors in files that it has nothing to do with:
 * these are taken from that commit. Which files it has something to do with, is known when it was found again.
 * @returns `asSaved` null: nothing in the project has errors
 * @throws FailedWith, as `openProject`, where that doesn't help
 */
export async function openAsSaved(
  options: OpenOptions,
  review: ReviewedPlans,
): Promise<{ readonly opened: OpenedProject; readonly asSaved: FilesAsSaved | null }> {
  try {
    return { opened: await openProject(options), asSaved: null }
  } catch (error) {
    const made = review.saved?.made
    if (!(error instanceof FailedWith) || made === undefined) throw error
    // Of files that no commit has nobody knows any more what they were.
    if (made.ref !== null || made.commit === null || made.dirty !== false) throw error
    const found = await withEarlierFiles(options, error, made.commit)
    if (found === null) throw error
    return found
  }
}

async function withEarlierFiles(options: OpenOptions, errors: FailedWith, commit: string) {
  const before = await filesOf(options.folder, commit)
  if (before === null) return null
  const inPlace = new Map<string, string | null>()
  for (let failed = errors; ; ) {
    const changed = filesWithErrors(failed)?.filter(
      (file) => !inPlace.has(file) && failed.texts.text(file) !== before.get(file),
    )
    // An error that isn't of a file, or comes of files that are as they were, is here to stay.
    if (changed === undefined || changed.length === 0) return null
    for (const file of changed) inPlace.set(file, before.get(file) ?? null)
    try {
      const opened = await openProject({ ...options, inPlace })
      return { opened, asSaved: { files: new Set(inPlace.keys()), commit, errors } }
    } catch (error) {
      if (!(error instanceof FailedWith)) throw error
      failed = error
    }
  }
}

/** null: the commit isn't here. */
async function filesOf(folder: string, commit: string): Promise<ReadonlyMap<string, string> | null> {
  const { readCommit } = await import('../../source/git/git.ts')
  try {
    const { source } = await readCommit(folderOnDisk(folder), commit)
    return hasErrors(source.diagnostics) ? null : source.files
  } catch (error) {
    if (error instanceof DiagnosticError) return null
    throw error
  }
}

/** undefined: there are errors that can't be told of files, or what the whole project hangs on has one. */
function filesWithErrors({ cause }: FailedWith): readonly string[] | undefined {
  if (!(cause instanceof DiagnosticError)) return undefined
  const errors = cause.diagnostics.filter(({ severity }) => severity === 'error')
  const files = new Set(errors.map(({ span }) => span?.file ?? PROJECT_FILE))
  return files.has(PROJECT_FILE) ? undefined : [...files]
}

/**
 * @throws FailedWith when a plan has something to do with files that have errors, or may have: one that deletes something goes by
 * what no file has
 */
export function refuseTouched({ files, errors }: FilesAsSaved, previews: readonly Preview[]): void {
  const touched = new Set<string>()
  const deleted: string[] = []
  for (const { plan, account, leftOut } of previews) {
    // It isn't what was saved, which is said in its place.
    if (leftOut === undefined) continue
    for (const { action, name, kind } of plan.changes)
      if (action === 'delete') deleted.push(`\`${kind}/${name}\``)
    for (const file of filesBehind(account.desired, plan)) if (files.has(file)) touched.add(file)
  }
  const why =
    touched.size > 0
      ? `what the saved plan touches is declared in ${listed([...touched].map((file) => `\`${file}\``))}, which can't be read as it is now`
      : deleted.length > 0
        ? `the saved plan deletes ${listed(deleted)}, and whether a file that can't be read as it is now declares that is not known`
        : null
  if (why === null) return
  const { cause, texts } = errors
  const refusal = errorOf({
    code: 'apply.files-not-known',
    message: `${why}; nothing was written`,
    help: 'mend the errors below, or save and apply with `--ref COMMIT`',
  })
  throw new FailedWith(
    new DiagnosticError([refusal, ...(cause instanceof DiagnosticError ? cause.diagnostics : [])]),
    texts,
  )
}

export const filesAsSavedNote = ({ files, commit }: FilesAsSaved): Diagnostic =>
  warningOf({
    code: 'apply.files-as-saved',
    message: `${listed([...files].map((file) => `\`${file}\``))} ${files.size === 1 ? 'has errors, and counts as it was' : 'have errors, and count as they were'} in ${commit.slice(0, 12)}, which the plan was saved of`,
    help: '`iam-sync validate` shows them',
  })

const listed = (names: readonly string[]): string => {
  const more = names.length - MOST_NAMES
  return `${names.slice(0, MOST_NAMES).join(', ')}${more > 0 ? ` and ${more} more` : ''}`
}

/** All files that what a plan changes, and what its steps name, is declared in: manifests and documents. */
function filesBehind(desired: DesiredState, plan: Preview['plan']): ReadonlySet<string> {
  const files = new Set<string>()
  const seen = new WeakSet<object>()
  const collect = (value: unknown): void => {
    if (typeof value !== 'object' || value === null || seen.has(value)) return
    seen.add(value)
    if ('file' in value && typeof value.file === 'string') files.add(value.file)
    const parts = value instanceof Map || value instanceof Set ? [...value] : Object.values(value)
    for (const part of parts) collect(part)
  }
  for (const { span } of plan.changes) collect(span)
  const named = namedEntities(PLAN_KINDS, desired.account.id, plan.changes, plan.steps)
  for (const kind of keysOf(named)) for (const name of named[kind]) collect(declaredAs(desired, kind, name))
  return files
}

const declaredAs = (desired: DesiredState, kind: EntityKind, name: string): AnyDesiredEntity | undefined => {
  const declared: ReadonlyMap<string, AnyDesiredEntity> = desired.entities[kind]
  return declared.get(name)
}
