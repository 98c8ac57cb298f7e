import { DEFAULT_QUOTAS } from '../catalog/quotas.ts'
import { type Diagnostic, errorOf, hasErrors, SourceTexts, spanOf, warningOf } from '../diagnostics/index.ts'
import { type DesiredOf, type EntityKind, keysOf, tableOf } from '../model/index.ts'
import { PROJECT_FILE } from '../model/project-file.ts'
import type { QuotaName } from '../model/quotas.ts'
import { addAll } from '../yaml/add-all.ts'
import { LoadMemory } from './cache/load-memory.ts'
import { entityCheck } from './cache/passed-checks.ts'
import type { DesiredState, Project, ProjectAccount, RefusedDocument } from './desired.ts'
import { diagnosticsInOrder } from './diagnostic-order.ts'
import { sharedChildren } from './entities/children-of-one-parent.ts'
import { collectionOf } from './entities/collect-declared.ts'
import type { Declared } from './entities/declared-entity.ts'
import { type ReadingOfKind, readEntity } from './entities/entities.ts'
import type { EntityContext } from './entities/entity-reading.ts'
import { tellListed } from './entities/listed-members.ts'
import type { AwsPolicyNames, NamesInScope } from './entities/policy-names.ts'
import { readSettings } from './entities/settings.ts'
import { readOrganization } from './estate/organization.ts'
import { readResource } from './estate/resources.ts'
import { Suggestions } from './hints/suggestions.ts'
import type { EntityManifests, ManifestKinds } from './manifest-kind.ts'
import { AccountFiles, type Files, manifestCandidates, takenFiles } from './project/account-files.ts'
import type { AccountEntry } from './project/project-accounts.ts'
import { projectFacts } from './project/project-facts.ts'
import { defaultProject, noProjectFile, readProjectFile } from './project/project-file.ts'
import { readInvariant } from './questions/invariants.ts'
import { readPolicyTest } from './questions/policy-tests.ts'

export interface ProjectInput {
  /** What is known of each kind. */
  readonly kinds: ManifestKinds
  /** Every `.yaml`, `.yml` and `.json` file under the IAM folder: its path, relative and with `/`, and its text. */
  readonly files: Files
  readonly facts: AwsPolicyNames
  /** Keep one between loads of the same folder, and what is unchanged costs nothing. */
  readonly memory?: LoadMemory
  /** Who and what else is there, by account id: in another state, which tests and invariants are about. Absent: nobody and nothing. */
  readonly others?: OtherNames
  /** Takes the texts of the files; absent: new ones. */
  readonly texts?: SourceTexts
}

/** ARNs by kind and name, by account id. */
export type OtherNames = ReadonlyMap<string, NamesInScope['arns']>

export interface LoadedProject {
  readonly project: Project
  readonly texts: SourceTexts
}

/**
 * Reads a whole IAM folder: the project file, and each account's manifests with the documents that they name.
 * Bad input never throws: every problem of every file is in `project.diagnostics`, in the order of files and places.
 */
export function loadProject({
  kinds,
  files,
  facts,
  memory = new LoadMemory(),
  others = new Map(),
  texts = new SourceTexts(),
}: ProjectInput): LoadedProject {
  memory.keepOnly(files)
  for (const [file, text] of files) texts.add(file, text)
  const diagnostics: Diagnostic[] = []
  const text = files.get(PROJECT_FILE)
  if (text === undefined) {
    const { scopes, guard, secretsTo } = defaultProject(kinds)
    const nothing = { accounts: [], organization: null, resources: new Map(), refusals: new Set<never>() }
    return { project: { ...nothing, scopes, guard, secretsTo, diagnostics: [noProjectFile(files)] }, texts }
  }
  const parsed = memory.parse(PROJECT_FILE, text)
  addAll(diagnostics, parsed.diagnostics)
  const [root, second] = parsed.roots
  if (second !== undefined)
    diagnostics.push(
      errorOf({
        code: 'manifest.yaml-multiple-documents',
        message: 'the project file holds more than one YAML document',
        help: 'remove the `---` line',
        span: { ...spanOf(second), end: second.start + 1 },
      }),
    )
  if (root === undefined && parsed.diagnostics.length === 0)
    diagnostics.push(
      errorOf({
        code: 'manifest.no-accounts',
        message: 'the project file is empty',
        help: 'begin with `version: 1` and `accounts:`',
        span: { file: PROJECT_FILE, start: 0, end: 0 },
      }),
    )
  const projectFile =
    root === undefined
      ? defaultProject(kinds)
      : readProjectFile(root, text, kinds, (found) => {
          addAll(diagnostics, found)
        })
  const candidates = manifestCandidates(files)
  const used = new Set<string>()
  const refusals = new Set<Diagnostic>()
  const accounts = projectFile.accounts.flatMap((entry) => {
    const loaded = loadAccount(entry, kinds, files, candidates, facts, memory, others)
    addAll(diagnostics, loaded.diagnostics)
    for (const file of loaded.used) used.add(file)
    for (const refusal of loaded.refusals) refusals.add(refusal)
    return entry.isSound ? [loaded.account] : []
  })
  if (!hasErrors(diagnostics.filter((each) => !refusals.has(each))))
    addAll(diagnostics, unusedFiles(candidates, used))
  // Without any account nothing says what the files mean, but whether they can be read at all is known.
  if (projectFile.accounts.length === 0)
    for (const file of candidates) addAll(diagnostics, memory.parse(file, files.get(file) ?? '').diagnostics)
  memory.keep()
  const { scopes, guard, secretsTo } = projectFile
  const contradictions: Diagnostic[] = []
  const { organization, resources } = projectFacts(
    accounts,
    projectFile.accounts.flatMap((entry) => (entry.blocksPublicAccess ? [entry.account.id] : [])),
    (found) => contradictions.push(found),
  )
  addAll(diagnostics, contradictions)
  for (const { hides = [] } of diagnostics) for (const span of hides) texts.hide(span)
  const project = {
    accounts: hasErrors(contradictions) ? accounts.map((each) => ({ ...each, desired: null })) : accounts,
    organization,
    resources,
    scopes,
    guard,
    secretsTo,
    diagnostics: diagnosticsInOrder(diagnostics),
    refusals,
  }
  return { project, texts }
}

interface LoadedAccount {
  readonly account: ProjectAccount
  readonly used: Iterable<string>
  readonly diagnostics: readonly Diagnostic[]
  readonly refusals: readonly Diagnostic[]
}

function loadAccount(
  entry: AccountEntry,
  kinds: ManifestKinds,
  files: Files,
  candidates: readonly string[],
  facts: AwsPolicyNames,
  memory: LoadMemory,
  others: OtherNames,
): LoadedAccount {
  const diagnostics: Diagnostic[] = []
  const report = (found: readonly Diagnostic[]): void => {
    for (const diagnostic of found) diagnostics.push(diagnostic)
  }
  const taken = takenFiles(entry.manifests, candidates)
  report(taken.diagnostics)
  const accountFiles = new AccountFiles(files, memory, entry.variables, report)
  // A document in a YAML file of its own looks like a bad manifest, until some manifest names it.
  const ofManifests: { readonly file: string; readonly diagnostic: Diagnostic }[] = []
  const collection = collectionOf(memory, entry.name, kinds)
  const declared = collection.collect(taken.files, accountFiles, report, (file, diagnostic) =>
    ofManifests.push({ file, diagnostic }),
  )
  const names: NamesInScope = {
    account: entry.account,
    arns: collection.arnsIn(entry.account),
    aws: facts,
    isComplete: declared.isComplete,
    isAccountKnown: entry.isSound,
    suggestions: new Suggestions(),
  }
  const { quotas } = entry.target
  const kept = memory.keptEntities(
    entry.name,
    { names, quotas, referredTo: referredTo(kinds.entities) },
    keysOf(kinds.entities),
  )
  const refused: RefusedDocument[] = []
  const context: EntityContext = {
    names,
    quotas,
    files: accountFiles,
    memory,
    kept,
    report,
    refuse: (document) => refused.push(document),
  }
  const read = desiredState(entry, kinds, declared, context, withOthers(names, others))
  const desired = refused.length === 0 ? read : { ...read, refused }
  report(
    ofManifests.filter(({ file }) => !accountFiles.documents.has(file)).map(({ diagnostic }) => diagnostic),
  )
  const { name, account, target, span } = entry
  const refusals = refused.flatMap((document) => document.diagnostics)
  return {
    account: {
      name,
      account,
      target,
      span,
      desired: hasErrors(diagnostics) ? null : desired,
      read,
      isWhole: declared.isComplete,
      questions: [...read.tests, ...read.invariants].flatMap(({ names }) => names ?? []),
    },
    used: [...taken.files, ...accountFiles.documents],
    diagnostics: [...diagnostics, ...refusals],
    refusals,
  }
}

/** Questions are about the other state: what is there goes before what is declared. */
function withOthers(names: NamesInScope, others: OtherNames): NamesInScope {
  const there = others.get(names.account.id)
  return there === undefined
    ? names
    : {
        ...names,
        isOfAnotherState: true,
        arns: tableOf(keysOf(names.arns), (kind) => new Map([...names.arns[kind], ...there[kind]])),
      }
}

const referredTo = (kinds: EntityManifests): readonly EntityKind[] => {
  const named = Object.values(kinds).flatMap(({ attributes }) =>
    attributes.flatMap(({ refersTo }) => refersTo?.kind ?? []),
  )
  return [...new Set(named)]
}

function desiredState(
  entry: AccountEntry,
  { entities: kinds, settings }: ManifestKinds,
  declared: Declared,
  context: EntityContext,
  asked: NamesInScope,
): DesiredState {
  const entities: { [K in EntityKind]: ReadonlyMap<string, DesiredOf<K>> } = tableOf(
    keysOf(kinds),
    () => new Map<string, never>(),
  )
  const read = <K extends EntityKind>(kind: K): void => {
    const reading: ReadingOfKind<K> = { kind, of: kinds[kind], check: entityCheck(keysOf(kinds), kind) }
    const ofKind: { [Each in K]: ReadonlyMap<string, DesiredOf<Each>> } = entities
    ofKind[kind] = context.kept.all(kind, declared.entities[kind], (each) =>
      readEntity(reading, each, context),
    )
  }
  for (const kind of keysOf(kinds)) read(kind)
  context.report(sharedChildren(entities))
  const most = (quota: QuotaName) => context.quotas[quota] ?? DEFAULT_QUOTAS[quota]
  Object.assign(entities, tellListed(kinds, entities, { ...context, most }))
  const declaredSettings = new Map([...declared.settings, ...entry.settings])
  const tests = declared.tests.flatMap((node) => readPolicyTest(node, asked, context.report) ?? [])
  const invariants = declared.invariants.flatMap((node) => readInvariant(node, asked, context.report) ?? [])
  const resources = declared.resources.flatMap((each) => readResource(each, context) ?? [])
  return {
    account: { ...entry.account, name: entry.name },
    entities,
    settings: readSettings(settings, declaredSettings, context.report),
    tests,
    invariants,
    organization: declared.organization === null ? null : readOrganization(declared.organization, context),
    resources: new Map(resources.map((each) => [each.arn, each])),
  }
}

/** A file that no account takes is easily forgotten: nothing of it is ever applied. */
const unusedFiles = (candidates: readonly string[], used: ReadonlySet<string>): readonly Diagnostic[] =>
  candidates
    .filter((file) => !used.has(file))
    .map((file) =>
      warningOf({
        code: 'manifest.unused-file',
        message: `no account takes \`${file}\``,
        help: `add it, or its folder, to the \`manifests\` of an account in ${PROJECT_FILE}`,
        span: { file, start: 0, end: 0 },
      }),
    )
