import { z } from 'zod'
import { DiagnosticError, errorOf } from '../../diagnostics/index.ts'
import { isObject } from '../../policy/parsing.ts'
import { namedOtherwise } from '../other-input.ts'
import { MOST_MODULES_DEEP } from './module-path.ts'
import { SHOW } from './plan-text.ts'

/**
 * What is read of a plan as JSON; all else is left where it is. Values stay as they are: what is needed of them is known
 * when a resource's type is.
 * @see Terraform, "JSON Output Format"; OpenTofu has the same
 */
export interface PlanFile {
  readonly changes: readonly ResourceChange[]
  readonly priorState: readonly StateResource[]
  readonly plannedValues: readonly StateResource[]
  readonly configuration: { readonly providers: JsonObject; readonly root: JsonObject | null }
  /** Of the root module; values may be secrets. */
  readonly variables: JsonObject
  /** Resources that are left for a later plan, by address. */
  readonly deferred: readonly string[]
  /** Terraform couldn't finish it. */
  readonly isErrored: boolean
}

export type JsonObject = Readonly<Record<string, unknown>>

/** Null and absent are the same throughout: older versions leave out what newer ones write as null. */
const text = z.string().nullish()
const index = z.union([z.string(), z.number()]).nullish()

const resourceChange = z.object({
  address: z.string(),
  previous_address: text,
  module_address: text,
  mode: z.string(),
  type: z.string(),
  name: z.string(),
  index,
  deposed: text,
  change: z.object({
    actions: z.array(z.string()),
    before: z.unknown().optional(),
    after: z.unknown().optional(),
    after_unknown: z.unknown().optional(),
    before_sensitive: z.unknown().optional(),
    after_sensitive: z.unknown().optional(),
  }),
})
export type ResourceChange = z.infer<typeof resourceChange>

const stateResource = z.object({
  address: z.string(),
  mode: z.string(),
  type: z.string(),
  name: z.string(),
  index,
  deposed_key: text,
  values: z.unknown().optional(),
  sensitive_values: z.unknown().optional(),
})
export type StateResource = z.infer<typeof stateResource> & { readonly module: string }

/**
 * Checks the form of a plan.
 * @param file as the user named it
 * @throws DiagnosticError when it is no plan, or of a format that isn't known
 */
export function planFileOf(file: string, json: unknown): PlanFile {
  const refuse = (code: string, message: string, help: string): never => {
    throw new DiagnosticError(errorOf({ code, message, help }))
  }
  if (!isObject(json)) return refuse('intake.not-a-plan', `\`${file}\` is JSON, but no Terraform plan`, SHOW)
  const version = json.format_version
  if (isState(json))
    return refuse('intake.tfplan-state', `\`${file}\` is a state of Terraform, not a plan`, SHOW)
  if (json['@level'] !== undefined || json['@message'] !== undefined)
    return refuse(
      'intake.not-a-plan',
      `\`${file}\` is the log that \`terraform plan -json\` writes, not a plan`,
      SHOW,
    )
  if (typeof version !== 'string' || !('resource_changes' in json || 'planned_values' in json))
    return refuse(
      'intake.not-a-plan',
      `\`${file}\` is JSON, but no Terraform plan`,
      version === undefined ? (namedOtherwise(file, json) ?? SHOW) : SHOW,
    )
  if (!/^(?:0\.2|1\.\d+)$/.test(version))
    return refuse(
      'intake.tfplan-version',
      `\`${file}\` is of ${/^[\d.]{1,20}$/.test(version) ? `format version \`${version}\`` : 'another format version'}; 0.2 and 1.x are known`,
      'write it with a version of Terraform or OpenTofu that has such a format, or take a later version of iam-sync',
    )
  const malformed = (address: string): never =>
    refuse('intake.malformed-plan', `\`${file}\` is malformed at \`${address.slice(0, 200)}\``, SHOW)
  const configuration = objectOf(json.configuration)
  return {
    changes: itemsOf(json.resource_changes).map((each, at) => {
      const checked = resourceChange.safeParse(each)
      return checked.success ? checked.data : malformed(`resource_changes[${at}]`)
    }),
    priorState: stateResources(objectOf(json.prior_state).values, malformed, 'prior_state'),
    plannedValues: stateResources(json.planned_values, malformed, 'planned_values'),
    configuration: {
      providers: objectOf(configuration.provider_config),
      root: isObject(configuration.root_module) ? configuration.root_module : null,
    },
    variables: objectOf(json.variables),
    deferred: itemsOf(json.deferred_changes).map((each) => {
      const { address } = objectOf(objectOf(each).resource_change)
      return typeof address === 'string' ? address : ''
    }),
    isErrored: json.errored === true,
  }
}

/** `terraform show -json` of a state, and the file itself that Terraform keeps. */
const isState = (json: JsonObject): boolean =>
  ('lineage' in json && 'serial' in json) || ('values' in json && !('planned_values' in json))

/** All resources of the modules below, without recursion: how deep they are nested is the file's word. */
function stateResources(
  values: unknown,
  malformed: (address: string) => never,
  where: string,
): readonly StateResource[] {
  const found: StateResource[] = []
  const open: { readonly module: JsonObject; readonly depth: number }[] = []
  const root = objectOf(values).root_module
  if (isObject(root)) open.push({ module: root, depth: 0 })
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    const { module, depth } = next
    const address = typeof module.address === 'string' ? module.address : ''
    if (depth > MOST_MODULES_DEEP) malformed(`${where}.${address}`)
    for (const each of itemsOf(module.resources)) {
      const checked = stateResource.safeParse(each)
      if (!checked.success) return malformed(`${where}.${address}`)
      found.push({ ...checked.data, module: address })
    }
    for (const child of itemsOf(module.child_modules))
      if (isObject(child)) open.push({ module: child, depth: depth + 1 })
  }
  return found
}

export const objectOf = (value: unknown): JsonObject => (isObject(value) ? value : {})

export const itemsOf = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : [])
