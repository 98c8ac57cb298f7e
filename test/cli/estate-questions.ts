import type { PolicyStatement } from '../../src/model/index.ts'
import { commitAll, temporaryFolder, writeFiles } from '../source/folders.ts'
import { runHere } from './in-process.ts'
import { jsonOf, type Ran } from './run.ts'

export const HOME = '111122223333'
export const SECOND = '444455556666'
/** A manifest as data: JSON is YAML. */
export type Manifest = Readonly<Record<string, unknown>>

export const document = (...statements: readonly PolicyStatement[]) => ({
  Version: '2012-10-17',
  Statement: statements,
})
export const statement = (effect: 'Allow' | 'Deny', parts: object): PolicyStatement =>
  ({ Effect: effect, ...parts }) as PolicyStatement

/** A statement on a bucket's objects for somebody. */
export const reads = (
  bucket: string,
  principal: unknown,
  condition?: object,
  effect: 'Allow' | 'Deny' = 'Allow',
) =>
  statement(effect, {
    Principal: principal,
    Action: 's3:GetObject',
    Resource: `arn:aws:s3:::${bucket}/*`,
    ...(condition === undefined ? {} : { Condition: condition }),
  })
export const bucket = (name: string, ...statements: readonly PolicyStatement[]) => ({
  [`arn:aws:s3:::${name}`]: { policy: document(...statements) },
})
/** What a trust policy lets somebody do. */
export const assumes = (principal: unknown, condition?: object, action: unknown = 'sts:AssumeRole') =>
  statement('Allow', {
    Principal: principal,
    Action: action,
    ...(condition === undefined ? {} : { Condition: condition }),
  })
export const role = (...trust: readonly PolicyStatement[]) => ({ trustPolicy: document(...trust) })
export const grants = (action: unknown, condition?: object, resource: unknown = '*') =>
  document(
    statement('Allow', {
      Action: action,
      Resource: resource,
      ...(condition === undefined ? {} : { Condition: condition }),
    }),
  )
export const inline = (policy: unknown) => ({ inlinePolicies: { own: policy } })
export const EC2_ROLE = role(assumes({ Service: 'ec2.amazonaws.com' }))

const PROJECT = { version: 1, accounts: { production: { id: HOME } } }
export const TWO = {
  version: 1,
  accounts: {
    production: { id: HOME, manifests: ['production.yaml'] },
    staging: { id: SECOND, manifests: ['staging.yaml'] },
  },
}
const texts = (files: Readonly<Record<string, Manifest>>) =>
  Object.fromEntries(Object.entries(files).map(([file, content]) => [file, `${JSON.stringify(content)}\n`]))

export const projectOf = (manifest: Manifest, project: Manifest = PROJECT): string =>
  temporaryFolder(texts({ 'iam-sync.yaml': project, 'access.yaml': manifest }))
export const twoAccounts = (production: Manifest, staging: Manifest): string =>
  temporaryFolder(texts({ 'iam-sync.yaml': TWO, 'production.yaml': production, 'staging.yaml': staging }))
export const declare = (folder: string, files: Readonly<Record<string, Manifest>>): void =>
  writeFiles(folder, texts(files))

/** A folder whose last commit holds one manifest and whose working tree another. */
export async function changed(
  before: Manifest,
  after: Manifest,
  project: Manifest = PROJECT,
): Promise<string> {
  const folder = projectOf(before, project)
  await commitAll(folder, 'before')
  declare(folder, { 'access.yaml': after })
  return folder
}

/** @throws Error with the command's diagnostics when it ended with an error */
function bodyOf(ran: Ran) {
  const body = jsonOf(ran)
  if (ran.code === 1)
    throw new Error(body.diagnostics.map(({ code, message }: Diagnosed) => `${code}: ${message}`).join('\n'))
  return body
}
interface Diagnosed {
  readonly code: string
  readonly message: string
}

export interface Entry {
  readonly principals: readonly string[]
  readonly actions: readonly string[]
  readonly resources: readonly string[]
  readonly conditions: Readonly<Record<string, unknown>>
  readonly tier: string
  readonly potential?: boolean
  readonly rule?: string
  readonly class?: string
  readonly witness: {
    readonly principal: string
    readonly action: string
    readonly resource: string
    readonly resourceAccount?: string
    readonly context: Readonly<Record<string, string | readonly string[]>>
  }
}
export interface Access {
  readonly verdict: string
  readonly gained: readonly Entry[]
  readonly lost: readonly Entry[]
  readonly unknown: readonly { readonly principals: readonly string[]; readonly reason: string }[]
  readonly escalations: readonly Entry[]
}

export async function gate(folder: string, ...flags: readonly string[]) {
  const body = bodyOf(await runHere('access', 'check', ...flags, '--dir', folder, '--json'))
  return {
    holds: body.holds as boolean | 'unknown',
    violations: body.violations as readonly Entry[],
    unknown: body.unknown as Access['unknown'],
  }
}
export const holds = async (folder: string, ...flags: readonly string[]) =>
  (await gate(folder, ...flags)).holds
export const nobodyMay = (folder: string, action: string, ...more: readonly string[]) =>
  holds(folder, '--not-granted', action, ...more)
export const noNewAccess = (folder: string) => holds(folder, '--no-new-access', 'main')
export const notPublic = (folder: string) => holds(folder, '--no-public-access')

export async function difference(folder: string): Promise<Access> {
  const { accounts } = bodyOf(
    await runHere('access', 'diff', 'git:main', 'desired', '--dir', folder, '--json'),
  )
  return accounts[0].access
}
/** The access part of the plan of the first account. */
export async function planned(folder: string): Promise<Access> {
  const { plans } = bodyOf(await runHere('plan', '--dir', folder, '--json'))
  return plans[0].access
}
/** Everybody whom entries name, once, sorted. */
export const principalsOf = (entries: readonly Entry[]): readonly string[] =>
  [...new Set(entries.flatMap(({ principals }) => principals))].sort()

/** `pass`, `fail` or `unknown` of each test and invariant. */
export async function results(folder: string): Promise<readonly string[]> {
  const { tests } = bodyOf(await runHere('test', '--dir', folder, '--json'))
  return tests.map(({ result }: { readonly result: string }) => result)
}

export async function decision(
  folder: string,
  principal: string,
  action: string,
  resource: string,
  ...more: readonly string[]
): Promise<string> {
  const asked = ['--principal', principal, '--action', action, '--resource', resource, ...more]
  return bodyOf(await runHere('evaluate', ...asked, '--dir', folder, '--json')).decision
}

/** `who-can`: each principal with its decision. */
export async function whoCan(
  folder: string,
  action: string,
  resource: string,
  ...more: readonly string[]
): Promise<Readonly<Record<string, string>>> {
  const { grants } = bodyOf(await runHere('who-can', action, resource, ...more, '--dir', folder, '--json'))
  return Object.fromEntries(
    grants.map(({ principal, decision }: { readonly principal: string; readonly decision: string }) => [
      principal,
      decision,
    ]),
  )
}
