// Plans as Terraform documents their JSON, made of what a test says of each resource.
// See Terraform, "JSON Output Format".

type Values = Readonly<Record<string, unknown>>

/** A resource, or a data source, as a test says it. */
export interface Planned {
  readonly type: string
  readonly name: string
  /** `module.ci["x"].module.roles`; absent: the root module. */
  readonly module?: string
  readonly key?: string | number
  readonly mode?: 'managed' | 'data'
  /** null: it isn't there. Absent: as after. */
  readonly before?: Values | null | undefined
  readonly after: Values | null
  /** Attributes that are known after the apply, with what they refer to. */
  readonly unknown?: Readonly<Record<string, readonly string[]>>
  /** Parts of attributes that are known after the apply, in their own form. */
  readonly partly?: Values
  /** What the provider fills in after the apply: nothing is configured for it. */
  readonly computed?: readonly string[]
  /** Marks of what is secret, on both sides. */
  readonly sensitive?: Values
  /** What of it is configured; absent: all of `after`. */
  readonly configuredAs?: Values
  readonly forEach?: readonly string[]
  readonly provider?: string
  /** Absent: as before and after say it. */
  readonly actions?: readonly string[]
  readonly previousAddress?: string
  readonly deposed?: string
  readonly importing?: string
}

interface PlanParts {
  readonly formatVersion?: string
  /** What stands in the state alone: what `-target` leaves out, and what data sources have read. */
  readonly state?: readonly Planned[]
  /** By the path of a module without keys, what its call passes: `{ 'module.ci': { role: ['aws_iam_role.a.arn', …] } }`. */
  readonly calls?: Readonly<Record<string, Readonly<Record<string, readonly string[]>>>>
  /** By the path of a module without keys, what its outputs refer to. */
  readonly outputs?: Readonly<Record<string, Readonly<Record<string, readonly string[]>>>>
  /** By the key of a provider's configuration, its constant arguments. */
  readonly providers?: Readonly<Record<string, Values>>
  readonly extra?: Values
}

const AWS = 'registry.terraform.io/hashicorp/aws'

/** A plan, as `terraform show -json` prints it. */
export function planJson(resources: readonly Planned[], parts: PlanParts = {}): Values {
  const all = [...resources, ...(parts.state ?? [])]
  return {
    format_version: parts.formatVersion ?? '1.2',
    terraform_version: '1.9.8',
    planned_values: {
      root_module: modulesOf(
        resources.filter(({ after, mode }) => after !== null && mode !== 'data'),
        ({ after }) => after ?? {},
      ),
    },
    resource_changes: resources.map(changeOf),
    prior_state: {
      format_version: '1.0',
      values: {
        root_module: modulesOf(
          [
            ...resources.filter((each) => beforeOf(each) !== null && each.mode !== 'data'),
            ...(parts.state ?? []),
          ],
          (each) => (resources.includes(each) ? beforeOf(each) : each.after) ?? {},
        ),
      },
    },
    configuration: {
      provider_config: Object.fromEntries(
        Object.entries(parts.providers ?? { aws: { region: 'eu-west-1' } }).map(([key, values]) => [
          key,
          {
            name: 'aws',
            full_name: AWS,
            expressions: mapped(values, (value) => ({ constant_value: value })),
          },
        ]),
      ),
      root_module: configured('', all, parts),
    },
    ...parts.extra,
  }
}

export const planBytes = (json: unknown): Uint8Array => new TextEncoder().encode(JSON.stringify(json))

const beforeOf = ({ before, after }: Planned): Values | null => (before === undefined ? after : before)

const mapped = (values: Values, map: (value: unknown) => unknown): Values =>
  Object.fromEntries(Object.entries(values).map(([key, value]) => [key, map(value)]))

const addressOf = ({ type, name, module, key, mode }: Planned): string =>
  [
    module,
    mode === 'data' ? 'data' : undefined,
    `${type}.${name}${key === undefined ? '' : `[${JSON.stringify(key)}]`}`,
  ]
    .filter((each) => each !== undefined)
    .join('.')

function changeOf(each: Planned): Values {
  const before = beforeOf(each)
  const { after } = each
  const unknown = {
    ...each.partly,
    ...mapped(each.unknown ?? {}, () => true),
    ...Object.fromEntries((each.computed ?? []).map((name) => [name, true])),
  }
  return {
    address: addressOf(each),
    ...(each.module === undefined ? {} : { module_address: each.module }),
    ...(each.previousAddress === undefined ? {} : { previous_address: each.previousAddress }),
    mode: each.mode ?? 'managed',
    type: each.type,
    name: each.name,
    ...(each.key === undefined ? {} : { index: each.key }),
    provider_name: AWS,
    ...(each.deposed === undefined ? {} : { deposed: each.deposed }),
    change: {
      actions: each.actions ?? actionsOf(each, before),
      before: each.mode === 'data' ? null : before,
      after,
      after_unknown: after === null ? {} : unknown,
      before_sensitive: before === null ? false : (each.sensitive ?? {}),
      after_sensitive: after === null ? false : (each.sensitive ?? {}),
      ...(each.importing === undefined ? {} : { importing: { id: each.importing } }),
    },
  }
}

function actionsOf({ mode, after, unknown }: Planned, before: Values | null): readonly string[] {
  if (mode === 'data') return ['read']
  if (before === null) return ['create']
  if (after === null) return ['delete']
  return JSON.stringify(before) === JSON.stringify(after) && unknown === undefined ? ['no-op'] : ['update']
}

const moduleNames = (module: string | undefined): readonly string[] =>
  [...(module ?? '').matchAll(/module\.([^.[\]]+)/g)].map(([, name = '']) => name)

/** A module of the state or of planned values, with those below. */
function modulesOf(resources: readonly Planned[], valuesOf: (each: Planned) => Values, address = ''): Values {
  const own = resources.filter(({ module }) => (module ?? '') === address)
  const below = new Set(
    resources.flatMap(({ module = '' }) => {
      if (module === address || !module.startsWith(address)) return []
      const rest = module.slice(address === '' ? 0 : address.length + 1)
      const [step = ''] = /^module\.[^.[\]]+(?:\[[^\]]*\])?/.exec(rest) ?? []
      return step === '' ? [] : [address === '' ? step : `${address}.${step}`]
    }),
  )
  return {
    ...(address === '' ? {} : { address }),
    resources: own.map((each) => ({
      address: addressOf(each),
      mode: each.mode ?? 'managed',
      type: each.type,
      name: each.name,
      ...(each.key === undefined ? {} : { index: each.key }),
      ...(each.deposed === undefined ? {} : { deposed_key: each.deposed }),
      provider_name: AWS,
      schema_version: 0,
      values: valuesOf(each),
      sensitive_values: each.sensitive ?? {},
    })),
    child_modules: [...below].map((each) => modulesOf(resources, valuesOf, each)),
  }
}

const referring = (references: readonly string[]): Values => ({ references })

/** A module of the configuration, with those that it calls. @param path `module.ci.module.roles` */
function configured(path: string, all: readonly Planned[], parts: PlanParts): Values {
  const names = moduleNames(path)
  const isHere = (each: Planned) => moduleNames(each.module).join('.') === names.join('.')
  const declared = new Map(
    all
      .filter((each) => isHere(each) && each.after !== null)
      .map((each) => [`${each.mode ?? 'managed'} ${each.type}.${each.name}`, each]),
  )
  const called = new Set(
    [...all.map(({ module }) => moduleNames(module)), ...Object.keys(parts.outputs ?? {}).map(moduleNames)]
      .filter((each) => each.length > names.length && names.every((name, at) => each[at] === name))
      .map((each) => each[names.length] ?? ''),
  )
  return {
    outputs: mapped(parts.outputs?.[path] ?? {}, (references) => ({
      expression: referring(references as readonly string[]),
    })),
    resources: [...declared.values()].map((each) => ({
      address: `${each.mode === 'data' ? 'data.' : ''}${each.type}.${each.name}`,
      mode: each.mode ?? 'managed',
      type: each.type,
      name: each.name,
      provider_config_key: each.provider ?? 'aws',
      schema_version: 0,
      expressions: {
        ...mapped(each.configuredAs ?? each.after ?? {}, (value) => ({ constant_value: value })),
        ...mapped(each.unknown ?? {}, (references) => referring(references as readonly string[])),
      },
      ...(each.forEach === undefined ? {} : { for_each_expression: referring(each.forEach) }),
    })),
    module_calls: Object.fromEntries(
      [...called].map((name) => {
        const below = path === '' ? `module.${name}` : `${path}.module.${name}`
        return [
          name,
          {
            source: `./${name}`,
            expressions: mapped(parts.calls?.[below] ?? {}, (references) =>
              referring(references as readonly string[]),
            ),
            module: configured(below, all, parts),
          },
        ]
      }),
    ),
  }
}
