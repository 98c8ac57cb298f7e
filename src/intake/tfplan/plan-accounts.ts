import { type Diagnostic, infoOf, warningOf } from '../../diagnostics/index.ts'
import { type Account, likelyRegion, PARTITIONS, type Partition, parseArn } from '../../model/index.ts'
import { isObject } from '../../policy/parsing.ts'
import { type Instance, isConfigured, textAt } from './instance.ts'
import { itemsOf, type JsonObject, objectOf, type PlanFile } from './plan-file.ts'
import { DEFAULT_PROVIDER, ProvidersOfInstances } from './provider-of.ts'
import type { PlanSide } from './sides.ts'

/** Where resources of one provider configuration are. */
export interface PlaceOfProvider {
  readonly account: Account
  readonly region: string
}

/** What the command line says where the file doesn't. */
interface GivenPlace {
  readonly account: string | null
  /** What resources that nothing tells the account of are in: the account that the plan is put on. Absent: no account is known. */
  readonly fallback?: Account | null
  readonly partition: Partition | null
  readonly region: string | null
}

/** That of AWS's documentation. */
const EXAMPLE_ACCOUNT = '123456789012'
const REGION = /^[a-z]{2}(?:-[a-z]+)+-\d$/

/** In which account, partition and region each resource of a plan is: the file says it nowhere, so it follows of what is in it. */
export class PlanAccounts {
  readonly #places = new Map<string, PlaceOfProvider>()
  readonly #default: PlaceOfProvider
  readonly #providers: ProvidersOfInstances
  #assumedRegion: string | null = null
  readonly notes: readonly Diagnostic[]

  constructor(plan: PlanFile, sides: readonly PlanSide[], given: GivenPlace) {
    const { providers } = plan.configuration
    this.#providers = new ProvidersOfInstances(sides)
    const toldAll = new Map<string, Told>()
    const toldOf = (key: string): Told => {
      const known = toldAll.get(key) ?? {
        surely: new Map(),
        accounts: new Map(),
        partitions: new Set(),
        regions: new Set(),
      }
      toldAll.set(key, known)
      return known
    }
    for (const [key, each] of Object.entries(providers))
      if (isAws(objectOf(each))) tellOfProvider(toldOf(key), objectOf(each), plan.variables)
    for (const { instances } of sides)
      for (const each of instances)
        if (each.type.startsWith('aws_')) tellOfInstance(toldOf(this.#providers.of(each)), each)
    const accounts = new Set([...toldAll.values()].flatMap((each) => accountOf(each) ?? []))
    const notes: Diagnostic[] = []
    const [only, another] = accounts
    // One account that anything tells is that of all providers that tell nothing.
    const assumed =
      given.account ?? (another === undefined ? only : undefined) ?? given.fallback?.id ?? EXAMPLE_ACCOUNT
    const isExample = assumed === EXAMPLE_ACCOUNT && (given.fallback ?? null) === null
    const [anyRegion] = [...toldAll.values()].flatMap(({ regions }) => [...regions])
    const [anyPartition] = [...toldAll.values()].flatMap(({ partitions }) => [...partitions])
    let isAccountAssumed = false
    const placeOf = (each: Told | undefined): PlaceOfProvider => {
      const own = each === undefined ? null : accountOf(each)
      const id = given.account !== null && accounts.size <= 1 ? given.account : (own ?? assumed)
      isAccountAssumed ||= own === null && given.account === null && isExample
      const told = firstOf(each?.regions) ?? given.region ?? anyRegion
      const region = told ?? likelyRegion(given.partition ?? 'aws')
      if (told === undefined) this.#assumedRegion = region
      const partition =
        firstOf(each?.partitions) ??
        given.partition ??
        given.fallback?.partition ??
        anyPartition ??
        partitionOf(region)
      return { account: { id, partition }, region }
    }
    for (const [key, each] of toldAll) this.#places.set(key, placeOf(each))
    this.#default = this.#places.get(DEFAULT_PROVIDER) ?? placeOf(undefined)
    if (isAccountAssumed)
      notes.push(
        infoOf({
          code: 'intake.account-assumed',
          message:
            accounts.size === 0
              ? `nothing in the plan says which account it is for: it is taken to be ${EXAMPLE_ACCOUNT}`
              : `nothing in the plan says which account one of its providers is for: it is taken to be ${EXAMPLE_ACCOUNT}`,
          help: 'say it with `--account-id ID`',
        }),
      )
    else if (given.account !== null && accounts.size > 0 && !accounts.has(given.account))
      notes.push(
        warningOf({
          code: 'intake.other-account',
          message:
            another === undefined
              ? `the plan speaks of account ${only}, and \`--account-id ${given.account}\` takes its place`
              : `the plan speaks of ${accounts.size} other accounts than ${given.account}, which stand: \`--account-id\` is for what tells no account`,
          help: 'leave `--account-id` out where the plan says the account',
        }),
      )
    this.notes = notes
  }

  /** The region of providers of which nothing tells it; null: of each something does. */
  get assumedRegion(): string | null {
    return this.#assumedRegion
  }

  /** Where a resource is. A provider's `region` may be given for each resource. */
  placeOf(instance: Instance): PlaceOfProvider {
    const place = this.#places.get(this.#providers.of(instance)) ?? this.#default
    const region = textAt(instance, 'region')
    return region !== null && REGION.test(region) ? { ...place, region } : place
  }

  /** All accounts that something of the plan is in; at least one. */
  get all(): readonly Account[] {
    const accounts = new Map(
      [this.#default, ...this.#places.values()].map(({ account }) => [account.id, account]),
    )
    return [...accounts.values()]
  }
}

/** What is found out about one provider configuration. */
interface Told {
  /** By account id, how often: what the provider itself says of it. */
  readonly surely: Map<string, number>
  /** By account id, how often: what ARNs of its resources say. */
  readonly accounts: Map<string, number>
  /** In the order in which they were told. */
  readonly partitions: Set<Partition>
  readonly regions: Set<string>
}

const accountOf = ({ surely, accounts }: Told): string | null =>
  mostFrequent(surely) ?? mostFrequent(accounts)

function mostFrequent(counts: ReadonlyMap<string, number>): string | null {
  let most: string | null = null
  for (const [each, count] of counts) if (most === null || count > (counts.get(most) ?? 0)) most = each
  return most
}

const count = (counts: Map<string, number>, account: string): void => {
  if (/^\d{12}$/.test(account)) counts.set(account, (counts.get(account) ?? 0) + 1)
}

const firstOf = <T>(values: ReadonlySet<T> | undefined): T | undefined => values?.values().next().value

const isAws = ({ name, full_name: full }: JsonObject): boolean =>
  name === 'aws' || (typeof full === 'string' && full.endsWith('/aws'))

function tellOfProvider(told: Told, { expressions }: JsonObject, variables: JsonObject): void {
  const { region, allowed_account_ids: allowed, assume_role: roles } = objectOf(expressions)
  const name = constantOf(region, variables)
  if (typeof name === 'string' && REGION.test(name)) {
    told.regions.add(name)
    told.partitions.add(partitionOf(name))
  }
  const ids = itemsOf(constantOf(allowed, variables))
  if (ids.length === 1 && typeof ids[0] === 'string') count(told.surely, ids[0])
  const [role] = itemsOf(roles)
  const arn = constantOf(objectOf(role).role_arn, variables)
  if (typeof arn === 'string') count(told.surely, parseArn(arn)?.account ?? '')
}

/** A constant, or what a variable of the root module is. */
function constantOf(expression: unknown, variables: JsonObject): unknown {
  if (!isObject(expression)) return undefined
  if ('constant_value' in expression) return expression.constant_value
  const [reference, ...more] = itemsOf(expression.references)
  const name = typeof reference === 'string' ? /^var\.(\w+)$/.exec(reference)?.[1] : undefined
  return name === undefined || more.length > 0 || !Object.hasOwn(variables, name)
    ? undefined
    : objectOf(variables[name]).value
}

function tellOfInstance(told: Told, instance: Instance): void {
  if (instance.type === 'aws_caller_identity') count(told.surely, textAt(instance, 'account_id') ?? '')
  if (instance.type === 'aws_partition') addPartition(told, textAt(instance, 'partition') ?? '')
  if (instance.type === 'aws_region')
    addRegion(told, textAt(instance, 'name') ?? textAt(instance, 'id') ?? '')
  // Data sources may be of somebody else's resources; those of IAM are of one's own.
  if (instance.mode === 'data' && !instance.type.startsWith('aws_iam_')) return
  const arn = parseArn(textAt(instance, 'arn') ?? '')
  if (arn === null || isConfigured(instance, 'arn')) return
  count(told.accounts, arn.account)
  addPartition(told, arn.partition)
  addRegion(told, arn.region)
}

function addPartition({ partitions }: Told, text: string): void {
  const known = PARTITIONS.find((each) => each === text)
  if (known !== undefined) partitions.add(known)
}

function addRegion({ regions }: Told, text: string): void {
  if (REGION.test(text)) regions.add(text)
}

const partitionOf = (region: string): Partition =>
  region.startsWith('cn-') ? 'aws-cn' : region.startsWith('us-gov-') ? 'aws-us-gov' : 'aws'
