import { DEFAULT_QUOTAS } from '../../../src/catalog/quotas.ts'
import { loadProject } from '../../../src/manifest/load-project.ts'
import type { Intent } from '../../../src/reconcile/plan-account.ts'
import { ACCOUNT } from '../../arbitraries/policy.ts'
import { TIGHT_QUOTAS } from '../../arbitraries/state.ts'
import { AWS } from '../../manifest/sample.ts'
import { TOY_MANIFEST_KINDS, TOY_OBSERVE_KINDS, TOY_PLAN_KINDS, TOY_SETTING_PLANS } from './kinds.ts'

const ALL = `{ ${Object.values(TOY_MANIFEST_KINDS.entities)
  .map(({ facts }) => `${facts.section}: all`)
  .join(', ')} }`
const DECLARED = '{}'
const TRUST =
  '{ Version: "2012-10-17", Statement: [{ Effect: Allow, Principal: { Service: ec2.amazonaws.com }, Action: sts:AssumeRole }] }'
/** Toys have roles to play with. */
const ROLES = `roles: { web: { trustPolicy: ${TRUST} }, db: { trustPolicy: ${TRUST} } }\n`

interface Settings {
  /** What may be deleted. */
  readonly scope?: 'all' | 'declared'
  /** As it stands in the project file. */
  readonly guard?: string
}

/** What a project wants that declares two roles, and these toys. */
export function toyIntent(
  toys: string,
  { scope = 'all', guard = '{ maxDeletePercent: 100 }' }: Settings = {},
): Intent {
  const read = intentFrom({
    'iam-sync.yaml': `version: 1
accounts: { play: { id: "${ACCOUNT.id}" } }
scope: ${scope === 'all' ? ALL : DECLARED}
guard: ${guard}
`,
    'main.yaml': `${ROLES}toys: ${toys}\n`,
  })
  return { ...read, quotas: TIGHT_QUOTAS }
}

/** What a project wants of every kind that is listed, the toy among them. @throws Error with its problems */
export function intentFrom(files: Readonly<Record<string, string>>): Intent {
  const project = loaded(files)
  const desired = project.accounts[0]?.desired ?? null
  if (desired === null) throw new Error(project.diagnostics.map(({ message }) => message).join('\n'))
  return {
    kinds: TOY_PLAN_KINDS,
    settings: TOY_SETTING_PLANS,
    observeKinds: TOY_OBSERVE_KINDS,
    desired,
    scopes: project.scopes,
    guard: project.guard,
    quotas: DEFAULT_QUOTAS,
  }
}

/** Codes of errors. */
export const problemsIn = (files: Readonly<Record<string, string>>): readonly string[] =>
  loaded(files).diagnostics.flatMap(({ severity, code }) => (severity === 'error' ? [code] : []))

const loaded = (files: Readonly<Record<string, string>>) =>
  loadProject({ kinds: TOY_MANIFEST_KINDS, files: new Map(Object.entries(files)), facts: AWS }).project
