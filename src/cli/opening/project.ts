import { resolve } from 'node:path'
import { type KnownNames, loadKnownNames } from '../../catalog/known-names.ts'
import { loadManagedPolicies, type ManagedPolicyFacts } from '../../catalog/managed-policies.ts'
import { principalsElsewhereErrors } from '../../checks/names/principals/principals-elsewhere.ts'
import { projectNameWarnings } from '../../checks/names/project-names.ts'
import { hasQuestions, questionNameErrors } from '../../checks/names/question-names.ts'
import {
  asWarning,
  type Diagnostic,
  DiagnosticError,
  didYouMean,
  errorOf,
  hasErrors,
  type SourceTexts,
} from '../../diagnostics/index.ts'
import { MANIFEST_KINDS } from '../../kinds/manifest.ts'
import { LoadMemory } from '../../manifest/cache/load-memory.ts'
import { cacheBuild } from '../../manifest/cache/parse-cache.ts'
import type { DesiredState, Project, ProjectAccount } from '../../manifest/desired.ts'
import { diagnosticsInOrder } from '../../manifest/diagnostic-order.ts'
import { loadProject, type OtherNames } from '../../manifest/load-project.ts'
import { stateFileOf } from '../../manifest/project/declared-targets.ts'
import { folderOnDisk, readDirectory } from '../../source/directory.ts'
import { userParseCache } from '../../source/parse-cache.ts'
import type { SourceFiles } from '../../source/source-files.ts'
import { stateProblems } from '../../source/state-folder.ts'
import { FailedWith } from '../command.ts'
import { noticeSignals } from '../planning/early-signals.ts'
import { declaredWarnings } from './declared-warnings.ts'
import { makeRoom } from './heap-room.ts'

/** An account whose manifests are in order. */
export interface ValidAccount extends ProjectAccount {
  readonly desired: DesiredState
}

/** A project without errors, and what it takes to plan it. */
export interface OpenedProject {
  /** Absolute. Databases are relative to it, also when the YAML comes from a commit. */
  readonly folder: string
  readonly project: Project
  /** The selected accounts, in file order. */
  readonly accounts: readonly ValidAccount[]
  /** Warnings: errors stopped everything. What IAM would not store is among them only where documents are read. */
  readonly diagnostics: readonly Diagnostic[]
  readonly texts: SourceTexts
  readonly facts: ManagedPolicyFacts
  /** What was read from disk; null: it came from the commit `ref`. */
  readonly source: SourceFiles | null
  readonly commit: string | null
}

export interface OpenOptions {
  readonly folder: string
  /** Names of accounts; empty: all. */
  readonly accounts: readonly string[]
  /** A commit to read from, or null: the working tree. */
  readonly ref: string | null
  /**
   * What becomes of documents that IAM would not store. `warn`, the default: they are only read. `refuse`: they are to be
   * written. `plan`: a plan says itself which of them it writes.
   */
  readonly unstorable?: 'warn' | 'refuse' | 'plan'
  /** Whether tests and invariants may name what nothing is known by. */
  readonly unknownNames?: 'refuse' | 'allow'
  /** Who else tests and invariants may name: of the state that they are about. */
  readonly others?: OtherNames
  /** Takes the texts of all files; absent: new ones. */
  readonly texts?: SourceTexts
  /** What a watcher keeps between loads. */
  readonly memory?: LoadMemory
  readonly facts?: ManagedPolicyFacts
  /** Texts that count in place of those that files have; null: there is no such file. */
  readonly inPlace?: ReadonlyMap<string, string | null>
}

/** Whether a manifest names a document in vain that is called as this file is, whatever folders its path goes by. */
const isAbout = ({ code, message }: Diagnostic, file: string): boolean =>
  code === 'manifest.no-such-file' && message.includes(file.slice(file.lastIndexOf('/') + 1))

/**
 * Reads and checks the whole project; other accounts than the selected ones too, since files are shared.
 * @throws FailedWith, holding every problem of every file
 */
export async function openProject(options: OpenOptions): Promise<OpenedProject> {
  const folder = resolve(options.folder)
  const facts = options.facts ?? (await loadManagedPolicies())
  const { source, commit } = await readSource(options)
  const memory = options.memory ?? memoryFor(folder)
  const loaded = loadProject({
    kinds: MANIFEST_KINDS,
    files: source.files,
    facts,
    memory,
    ...(options.others === undefined ? {} : { others: options.others }),
    ...(options.texts === undefined ? {} : { texts: options.texts }),
  })
  makeRoom()
  await noticeSignals()
  const { texts } = loaded
  const project =
    hasErrors(source.diagnostics) && source.hasProjectFile ? notMissing(loaded.project) : loaded.project
  const places = stateProblems(
    folder,
    project.accounts.flatMap(({ target }) => stateFileOf(target) ?? []),
  )
  // Without its unreadable files a project looks worse than it is: those are what to mend first.
  const unstorable = options.unstorable ?? 'warn'
  const isHard = (each: Diagnostic): boolean => !project.refusals.has(each)
  const mistyped =
    options.unknownNames === 'allow' || !hasQuestions(project)
      ? []
      : [
          ...questionNameErrors(project, await loadKnownNames()),
          ...(options.others === undefined ? principalsElsewhereErrors(project) : []),
        ]
  const hasHardErrors = hasErrors([
    ...source.diagnostics,
    ...places,
    ...project.diagnostics.filter(isHard),
    ...mistyped,
  ])
  if (hasHardErrors || (unstorable === 'refuse' && project.refusals.size > 0)) {
    const unread = [...source.unreadDocuments].flatMap(([file, problem]) =>
      project.diagnostics.some((each) => isAbout(each, file)) ? [problem] : [],
    )
    // Whoever is to mend the project sees all that is wrong with it.
    const names = unstorable === 'warn' ? [] : namesBeside(project, await loadKnownNames())
    const declared =
      unstorable === 'refuse'
        ? await declaredWarnings(project.accounts.map((each) => ({ ...each, desired: each.read })))
        : []
    throw new FailedWith(
      new DiagnosticError([
        ...source.diagnostics,
        ...places,
        ...unread,
        ...diagnosticsInOrder([...project.diagnostics, ...mistyped, ...names, ...declared]),
      ]),
      texts,
    )
  }
  const diagnostics = [
    ...source.diagnostics,
    ...(unstorable === 'plan'
      ? project.diagnostics.filter(isHard)
      : project.diagnostics.map((each) => (isHard(each) ? each : asWarning(each)))),
  ]
  try {
    return {
      folder,
      project,
      accounts: selected(project, options.accounts),
      diagnostics,
      texts,
      facts,
      source: options.ref === null ? source : null,
      commit,
    }
  } catch (error) {
    throw new FailedWith(error, texts)
  }
}

/** Of a project file that is there and can't be read, or wasn't come to, that is said. */
const notMissing = (project: Project): Project => ({
  ...project,
  diagnostics: project.diagnostics.filter(({ code }) => code !== 'manifest.no-project-file'),
})

/** Names that nothing is known by, also in accounts that have errors: as far as they could be read. */
function namesBeside(project: Project, known: KnownNames): readonly Diagnostic[] {
  const accounts = project.accounts.map(({ read }) => ({ desired: read }))
  const organization =
    project.organization ??
    accounts.find(({ desired }) => desired.organization !== null)?.desired.organization
  const resources = new Map(accounts.flatMap(({ desired }) => [...desired.resources]))
  return [
    ...projectNameWarnings(
      { organization: organization ?? null, resources, accounts: project.accounts },
      accounts,
      known,
    ),
  ]
}

export const memoryFor = (folder: string): LoadMemory =>
  new LoadMemory(userParseCache(folder, cacheBuild), makeRoom)

async function readSource({
  folder,
  ref,
  inPlace = new Map(),
}: OpenOptions): Promise<{ readonly source: SourceFiles; readonly commit: string | null }> {
  if (ref === null) return { source: withTexts(readDirectory(folder), inPlace), commit: null }
  // The folder itself must be there: the databases are in it.
  const { readCommit } = await import('../../source/git/git.ts')
  return readCommit(folderOnDisk(folder), ref)
}

function withTexts(source: SourceFiles, inPlace: ReadonlyMap<string, string | null>): SourceFiles {
  if (inPlace.size === 0) return source
  const files = new Map(source.files)
  for (const [file, text] of inPlace)
    if (text === null) files.delete(file)
    else files.set(file, text)
  return { ...source, files }
}

function selected(project: Project, names: readonly string[]): readonly ValidAccount[] {
  refuseUnknownAccounts(
    names,
    project.accounts.map(({ name }) => name),
  )
  return project.accounts.flatMap((account) =>
    account.desired !== null && (names.length === 0 || names.includes(account.name))
      ? [{ ...account, desired: account.desired }]
      : [],
  )
}

/** @throws DiagnosticError when one of the names is not known */
export function refuseUnknownAccounts(names: readonly string[], known: readonly string[]): void {
  const unknown = names.filter((name) => !known.includes(name))
  if (unknown.length === 0) return
  throw new DiagnosticError(
    unknown.map((name) =>
      errorOf({
        code: 'cli.unknown-account',
        message: `there is no account \`${name}\` in the project file`,
        help: didYouMean(name, known, `the accounts are ${known.map((each) => `\`${each}\``).join(', ')}`),
      }),
    ),
  )
}
