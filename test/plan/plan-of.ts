import { DEFAULT_QUOTAS } from '../../src/catalog/quotas.ts'
import { declaredState } from '../../src/checks/declared-state.ts'
import type { SourceTexts } from '../../src/diagnostics/index.ts'
import { MANIFEST_KINDS } from '../../src/kinds/manifest.ts'
import { PLAN_KINDS, SETTING_PLANS } from '../../src/kinds/plan.ts'
import { declarationsOf } from '../../src/manifest/declarations.ts'
import type { DesiredState } from '../../src/manifest/desired.ts'
import { loadProject } from '../../src/manifest/load-project.ts'
import type { AccountState, Declarations } from '../../src/model/index.ts'
import type { Quotas } from '../../src/model/quotas.ts'
import type { FactChange } from '../../src/plan/plan.ts'
import { type PlanResult, planChanges } from '../../src/plan/plan-changes.ts'

/** AWS's own policies as far as these tests name them. */
const AWS_POLICIES = ['ReadOnlyAccess', 'AWSDenyAll', 'PowerUserAccess']
const facts = {
  arnOf: (name: string) => (AWS_POLICIES.includes(name) ? `arn:aws:iam::aws:policy/${name}` : null),
  names: () => AWS_POLICIES,
  has: (arn: string) => AWS_POLICIES.some((name) => arn === `arn:aws:iam::aws:policy/${name}`),
}

const accounts = `
version: 1
accounts:
  production: { id: "111122223333", target: { kind: local, database: x.db } }
`

interface Loaded {
  readonly project: ReturnType<typeof loadProject>['project']
  readonly desired: DesiredState
  readonly texts: SourceTexts
}

/** One account's desired state from a manifest. @param rules scope and guard, as in the project file */
export function load(
  manifest: string,
  rules = 'scope: { users: all, groups: all, roles: all, policies: all, instanceProfiles: all }',
): Loaded {
  const files = new Map([
    ['iam-sync.yaml', `${accounts}${rules}\n`],
    ['account.yaml', manifest],
  ])
  const { project, texts } = loadProject({ kinds: MANIFEST_KINDS, files, facts })
  const desired = project.accounts[0]?.desired
  if (desired == null)
    throw new Error(project.diagnostics.map(({ code, message }) => `${code}: ${message}`).join('\n'))
  return { project, desired, texts }
}

export interface PlanCase {
  /** What exists, as a manifest. */
  readonly before: string
  readonly after: string
  /** What the last apply declared; by default everything in `before`. */
  readonly declared?: string
  /** The same as a journal has it, in place of `declared`. */
  readonly declaredBefore?: Declarations
  readonly rules?: string
  readonly quotas?: Partial<Quotas>
  readonly observe?: (state: AccountState) => AccountState
  readonly facts?: readonly FactChange[]
  readonly allowBrieflyWider?: boolean
  /** Milliseconds since the epoch. */
  readonly at?: number
}

export function planOf({
  before,
  after,
  declared = before,
  declaredBefore = declarationsOf(load(declared).desired, PLAN_KINDS),
  rules,
  quotas,
  observe = (state) => state,
  facts = [],
  allowBrieflyWider = false,
  at,
}: PlanCase): PlanResult & Loaded {
  const loaded = load(after, rules)
  const plan = planChanges({
    kinds: PLAN_KINDS,
    settings: SETTING_PLANS,
    desired: loaded.desired,
    ...(at === undefined ? {} : { at }),
    observed: observe(declaredState(load(before).desired)),
    declaredBefore,
    scopes: loaded.project.scopes,
    guard: loaded.project.guard,
    quotas: { ...DEFAULT_QUOTAS, ...quotas },
    facts,
    allowBrieflyWider,
  })
  return { ...plan, ...loaded }
}

/** Each step on a line, with the numbers of those that it waits for. */
export const stepLines = ({ plan }: PlanResult): readonly string[] =>
  plan.steps.map(
    ({ operation, input, needs }, number) =>
      `${number}. ${operation} ${JSON.stringify(input)}${needs.length > 0 ? ` after ${needs.join(', ')}` : ''}`,
  )
