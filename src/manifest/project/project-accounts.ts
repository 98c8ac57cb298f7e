import type { z } from 'zod'
import {
  type Diagnostic,
  errorOf,
  type Located,
  type LocatedEntry,
  nearest,
  nodeAt,
  type PlainValue,
  plainOf,
  type Span,
  spanAt,
  spanOf,
} from '../../diagnostics/index.ts'
import type { Account } from '../../model/index.ts'
import { shorten } from '../../yaml/shorten.ts'
import type { Target } from '../desired.ts'
import { firstLineOf, isNothing } from '../entities/declared.ts'
import type { DeclaredSettings } from '../entities/declared-entity.ts'
import type { ManifestKinds, SettingManifests } from '../manifest-kind.ts'
import { accountName, type ProjectAccountInput, projectSchemas } from '../schema/project-schema.ts'
import { describe, droppedKeys, schemaDiagnostics } from '../schema/schema-issues.ts'
import type { ManifestEntries } from './account-files.ts'
import { keysOfSettings, settingsOf } from './account-settings.ts'
import { journalWarnings, lateTargets, quotaErrors, targetOf } from './account-target.ts'
import { withVariables } from './account-variables.ts'
import { stateFileOf } from './declared-targets.ts'
import { resolvePath } from './file-paths.ts'
import type { Variables } from './variables.ts'

/** One account as the project file has it. */
export interface AccountEntry {
  readonly name: string
  readonly account: Account
  readonly target: Target
  /** Those that are declared here. */
  readonly settings: DeclaredSettings
  readonly manifests: ManifestEntries
  readonly variables: Variables
  /** S3 blocks public access to all that the account has. */
  readonly blocksPublicAccess: boolean
  readonly span: Span
  /**
   * false: this entry has errors. It is there so that its manifests' problems are shown in the same run;
   * its id may be made up, and nothing else may come of it.
   */
  readonly isSound: boolean
}

export type ReportAll = (diagnostics: readonly Diagnostic[]) => void

/**
 * Reads the accounts of the project file, each with its own variables.
 * @returns in the file's order; without those whose manifests can't be told
 */
export function readAccounts(
  entry: LocatedEntry | null,
  root: Located,
  text: string,
  kinds: ManifestKinds,
  report: ReportAll,
): readonly AccountEntry[] {
  const node = entry?.value
  if (node !== undefined && node.kind !== 'map' && !isNothing(node)) {
    report([
      errorOf({
        code: 'manifest.wrong-type',
        message: `\`accounts\` takes a map of names to accounts, not ${describe(node)}`,
        help: 'write the name of each account as a key: `production: { id: "111122223333" }`',
        span: firstLineOf(node),
      }),
    ])
    return []
  }
  if (node?.kind !== 'map' || node.entries.length === 0) {
    report([
      errorOf({
        code: 'manifest.no-accounts',
        message: entry === null ? 'the project file has no accounts' : '`accounts` is empty',
        help: 'add `accounts: { production: { id: "111122223333" } }`',
        span: entry === null ? { file: root.file, start: root.start, end: root.start + 1 } : entry.keySpan,
      }),
    ])
    return []
  }
  const accounts: AccountEntry[] = []
  report(droppedKeys([node], 'the name of an account'))
  for (const account of node.entries) {
    checkAccountName(account, report)
    const read = readAccount(account, text, kinds, report)
    if (read !== null) accounts.push(read)
  }
  checkNothingShared(
    accounts.filter(({ isSound }) => isSound),
    node,
    report,
  )
  return accounts
}

function checkAccountName({ key, keySpan }: LocatedEntry, report: ReportAll): void {
  const checked = accountName.safeParse(key)
  if (checked.success) return
  const node: Located = { kind: 'scalar', value: key, quoted: true, ...spanOf(keySpan) }
  report(schemaDiagnostics(checked.error.issues, accountName, node, { title: 'an account', span: keySpan }))
}

function readAccount(
  { key: name, keySpan, value }: LocatedEntry,
  text: string,
  kinds: ManifestKinds,
  report: ReportAll,
): AccountEntry | null {
  const title = `account \`${shorten(name)}\``
  const span = spanOf(keySpan)
  const late = lateTargets(value, title)
  report(late)
  const { node, variables } = withVariables(
    name,
    value,
    text,
    ['target', ...keysOfSettings(kinds.settings)],
    report,
  )
  report(droppedKeys([nodeAt(node, ['variables'])], 'the name of a variable'))
  const plain = plainOf(node)
  const { account: schema } = projectSchemas(kinds)
  const checked = schema.safeParse(plain)
  if (checked.success) {
    const wrongQuotas = quotaErrors(node)
    report(wrongQuotas)
    report(journalWarnings(node, title))
    const isSound = wrongQuotas.length === 0 && late.length === 0
    return { ...accountOf(name, checked.data, node, kinds.settings), variables, span, isSound }
  }
  const { issues } = checked.error
  const said = issues.filter(({ path }) => late.length === 0 || path[0] !== 'target')
  report(
    schemaDiagnostics(said, schema, node, { title, span }).map((diagnostic) => withIdHelp(diagnostic, node)),
  )
  const data = recovered(plain, issues, schema)
  if (data !== null) report(quotaErrors(node))
  return data === null
    ? null
    : { ...accountOf(name, data, node, kinds.settings), variables, span, isSound: false }
}

/**
 * An account without its wrong keys, or null when it can't be told from it which manifests it takes:
 * with too many of them, what two accounts declare would look declared twice.
 */
function recovered(
  plain: PlainValue,
  issues: readonly z.core.$ZodIssue[],
  schema: ReturnType<typeof projectSchemas>['account'],
): ProjectAccountInput | null {
  const wrong = new Set(
    issues.flatMap((issue): readonly (PropertyKey | undefined)[] =>
      issue.code === 'unrecognized_keys' && issue.path.length === 0
        ? issue.keys.map((key) => (nearest(key, ['manifests']) === null ? key : 'manifests'))
        : [issue.path[0]],
    ),
  )
  if (wrong.has(undefined) || wrong.has('manifests') || !isPlainMap(plain)) return null
  const right = Object.entries(plain).filter(([key]) => !wrong.has(key))
  const id = typeof plain.id === 'number' ? idOfNumber(plain.id) : '000000000000'
  const checked = schema.safeParse({ id, ...Object.fromEntries(right) })
  return checked.success ? checked.data : null
}

const isPlainMap = (plain: PlainValue): plain is Readonly<Record<string, PlainValue>> =>
  typeof plain === 'object' && plain !== null && !Array.isArray(plain)

const idOfNumber = (id: number): string => String(id).padStart(12, '0')

function accountOf(
  name: string,
  data: ProjectAccountInput,
  node: Located,
  settings: SettingManifests,
): Omit<AccountEntry, 'variables' | 'span' | 'isSound'> {
  const account: Account = { id: data.id, partition: data.partition ?? 'aws' }
  return {
    name,
    account,
    target: targetOf(name, account, data.target),
    blocksPublicAccess: data.blockPublicAccess === true,
    settings: settingsOf(node, data, settings),
    manifests:
      data.manifests?.map((path, index) => ({ path, span: spanAt(node, ['manifests', index]) })) ?? null,
  }
}

/** An account id without quotes is a number to YAML, and may have lost its leading zeros. */
function withIdHelp(diagnostic: Diagnostic, node: Located): Diagnostic {
  const id = nodeAt(node, ['id'])
  if (diagnostic.code !== 'manifest.bad-account-id' || id?.kind !== 'scalar' || typeof id.value !== 'number')
    return diagnostic
  return {
    ...diagnostic,
    message: `the account id \`${id.value}\` is a number`,
    help: `put it in quotes: "${idOfNumber(id.value)}"`,
  }
}

/** Two accounts of one project in one database, or one account twice, would undo each other's changes. */
function checkNothingShared(accounts: readonly AccountEntry[], node: Located, report: ReportAll): void {
  const databases = new Map<string, AccountEntry>()
  const ids = new Map<string, AccountEntry>()
  for (const account of accounts) {
    const database = stateFileOf(account.target) ?? ''
    // On Windows a backslash parts folders, too; elsewhere such a name stands for itself, and so close to the other one
    // it is better not used.
    const place = resolvePath('', database.replaceAll('\\', '/')) ?? database
    const before = database === '' ? undefined : databases.get(place)
    if (before === undefined) databases.set(place, account)
    else
      report([
        errorOf({
          code: 'manifest.shared-database',
          message: `the accounts \`${before.name}\` and \`${account.name}\` have the same database \`${shorten(database)}\``,
          help: `a database holds one account: write \`database: .iam-sync/${account.name}.db\``,
          span: spanAt(node, [account.name, 'target', 'database']),
          related: [{ message: 'first used here', span: spanAt(node, [before.name, 'target', 'database']) }],
        }),
      ])
    const same = ids.get(account.account.id)
    if (same === undefined) ids.set(account.account.id, account)
    else
      report([
        errorOf({
          code: 'manifest.duplicate',
          message: `the accounts \`${same.name}\` and \`${account.name}\` have the same id \`${account.account.id}\``,
          help: 'declare each account once',
          span: spanAt(node, [account.name, 'id']),
          related: [{ message: 'first declared here', span: spanAt(node, [same.name, 'id']) }],
        }),
      ])
  }
}
