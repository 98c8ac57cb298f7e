import { randomBytes } from 'node:crypto'
import { resolve } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { loadManagedPolicies } from '../catalog/managed-policies.ts'
import { DEFAULT_QUOTAS, isQuotaName } from '../catalog/quotas.ts'
import { type Diagnostic, hasErrors, renderDiagnostic, type SourceTexts } from '../diagnostics/index.ts'
import { MANIFEST_KINDS } from '../kinds/manifest.ts'
import { OBSERVE_KINDS } from '../kinds/observe.ts'
import { PLAN_KINDS, SETTING_PLANS } from '../kinds/plan.ts'
import type { DesiredState, Project, ProjectAccount } from '../manifest/desired.ts'
import { loadProject } from '../manifest/load-project.ts'
import { type Account, type Organization, shortestPassword } from '../model/index.ts'
import { applyPlan, type StepResult } from '../reconcile/apply-plan.ts'
import { type Intent, planAccount } from '../reconcile/plan-account.ts'
import { type SecretPorts, SecretSupply } from '../reconcile/secret-supply.ts'
import { readDirectory } from '../source/directory.ts'
import { readSecretFile } from '../source/secret-file.ts'
import type { IamReader, IamWriter } from '../target/ports.ts'
import type { IamSecret } from './iam.ts'

/** An account of a project, as an empty one becomes it. */
interface DeclaredAccount {
  readonly account: Account
  readonly organization: Organization | null
  readonly quotas: ProjectAccount['target']['quotas']
  /** @param told of each secret that is made, or given */
  applyTo(empty: { readonly iam: IamReader & IamWriter }, told: (secret: IamSecret) => void): Promise<void>
}

/**
 * Reads a project. Nothing of its own databases is opened.
 * @param name of the account; null: the project has one
 * @throws an error that tells all that is wrong with it
 */
export async function declaredAccount(folder: string, name: string | null): Promise<DeclaredAccount> {
  const facts = await loadManagedPolicies()
  const source = readDirectory(folder)
  const { project, texts } = loadProject({ kinds: MANIFEST_KINDS, files: source.files, facts })
  const problems = [...source.diagnostics, ...project.diagnostics]
  if (hasErrors(problems)) throw failure(`the project in ${folder} has errors`, problems, texts)
  const { account, target, desired } = chosen(project, name)
  if (desired === null) throw failure(`the project in ${folder} has errors`, problems, texts)
  return {
    account,
    organization: project.organization,
    quotas: target.quotas,
    applyTo: (empty, told) =>
      fill({ desired, project, quotas: target.quotas, awsDocument: facts.document }, empty.iam, {
        texts,
        secrets: secretsOf(resolve(folder), told),
      }),
  }
}

function chosen({ accounts }: Project, name: string | null): ProjectAccount {
  const names = accounts.map((each) => `\`${each.name}\``).join(', ')
  const [only] = accounts
  const found = name === null ? only : accounts.find((each) => each.name === name)
  if (found === undefined) throw new Error(`the project has no account \`${name}\`: it has ${names}`)
  if (name === null && accounts.length > 1)
    throw new Error(`the project has several accounts: say which one with \`account\`: ${names}`)
  return found
}

interface Declared {
  readonly desired: DesiredState
  readonly project: Project
  readonly quotas: DeclaredAccount['quotas']
  readonly awsDocument: NonNullable<Intent['awsDocument']>
}

/** Whoever tests has no journal to keep, and nothing to lose: the plan is made once, and carried out. */
async function fill(
  { desired, project, quotas, awsDocument }: Declared,
  iam: IamReader & IamWriter,
  { texts, secrets }: { readonly texts: SourceTexts; readonly secrets: SecretPorts },
): Promise<void> {
  const intent: Intent = {
    kinds: PLAN_KINDS,
    settings: SETTING_PLANS,
    observeKinds: OBSERVE_KINDS,
    desired,
    scopes: project.scopes,
    guard: project.guard,
    quotas: {
      ...DEFAULT_QUOTAS,
      ...Object.fromEntries(Object.entries(quotas).filter(([each]) => isQuotaName(each))),
    },
    awsDocument,
    at: Date.now(),
  }
  const planned = await planAccount(intent, { iam, journal: NOTHING_BEFORE })
  const supply = new SecretSupply(secrets, shortestPassword(planned.observed.settings, desired.settings))
  const problems = [...planned.diagnostics, ...(await supply.missing(planned.secrets))]
  const what = `the account \`${desired.account.name}\` can't be made as it is declared`
  if (hasErrors(problems)) throw failure(what, problems, texts)
  const { results } = await applyPlan(planned.plan, iam, PATIENTLY, supply)
  const failed = results.filter(({ status }) => status === 'failed')
  if (failed.length > 0) throw new Error([what, ...failed.map(failureText)].join('\n'))
}

const failureText = ({ step, error }: StepResult): string =>
  `${step.operation} ${JSON.stringify(step.input)}: ${error?.code ?? 'failed'}: ${error?.message ?? ''}`

const NOTHING_BEFORE = { declared: async () => ({}), facts: async () => null }

const PATIENTLY = {
  sleep: (milliseconds: number) => sleep(milliseconds),
  random: () => Math.random(),
  signal: new AbortController().signal,
}

const secretsOf = (folder: string, told: (secret: IamSecret) => void): SecretPorts => ({
  env: (name) => process.env[name] ?? null,
  file: (path) => readSecretFile(folder, path, null),
  randomBytes,
  sink: {
    objection: async () => null,
    take: async ({ recipients: _, ...made }, value) => {
      told({ ...made, value: value.reveal() })
      return { withdraw: async () => false }
    },
  },
})

const failure = (what: string, problems: readonly Diagnostic[], texts: SourceTexts): Error =>
  new Error(
    [
      what,
      ...problems.filter(({ severity }) => severity === 'error').map((each) => renderDiagnostic(each, texts)),
    ].join('\n'),
  )
