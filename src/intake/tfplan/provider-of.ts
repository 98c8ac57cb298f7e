import { parseArn } from '../../model/index.ts'
import { type Instance, isConfigured, textAt } from './instance.ts'
import { moduleAddress } from './module-path.ts'
import type { PlanSide } from './sides.ts'

export const DEFAULT_PROVIDER = 'aws'

/**
 * By which provider configuration each resource of a plan is made. What is declared says it; what is to be deleted no longer is, and
 * is where its own ARN says, or the rest of its module.
 */
export class ProvidersOfInstances {
  /** By account id, a provider whose resources are there. */
  readonly #byAccount = new Map<string, string>()
  /** By the address of a module, those of what is known of it. */
  readonly #ofModules = new Map<string, Set<string>>()

  constructor(sides: readonly PlanSide[]) {
    const all = sides.flatMap(({ instances }) => instances)
    for (const each of all) if (each.configured !== null) this.#learn(each, this.of(each))
    for (const each of all)
      if (each.configured === null && ownAccountOf(each) !== null) this.#learn(each, this.#ofDeleted(each))
  }

  /** The key of a provider configuration, or of one that stands for it. */
  of(instance: Instance): string {
    return instance.configured === null
      ? this.#ofDeleted(instance)
      : (instance.configured.providerKey ?? DEFAULT_PROVIDER)
  }

  #ofDeleted(instance: Instance): string {
    const account = ownAccountOf(instance)
    if (account !== null)
      return this.#byAccount.get(account) ?? (this.#byAccount.size === 0 ? DEFAULT_PROVIDER : account)
    const [only = DEFAULT_PROVIDER, another] = this.#ofModules.get(moduleAddress(instance.module)) ?? []
    return another === undefined ? only : DEFAULT_PROVIDER
  }

  #learn(instance: Instance, key: string): void {
    const account = ownAccountOf(instance)
    if (account !== null && !this.#byAccount.has(account)) this.#byAccount.set(account, key)
    if (!instance.type.startsWith('aws_')) return
    const module = moduleAddress(instance.module)
    this.#ofModules.set(module, (this.#ofModules.get(module) ?? new Set()).add(key))
  }
}

/** The account that a resource's own ARN says; null: it has none, or somebody wrote it. */
function ownAccountOf(instance: Instance): string | null {
  // Data sources may be of somebody else's resources, but those of the caller and of IAM are of one's own.
  if (instance.type === 'aws_caller_identity') return textAt(instance, 'account_id')
  if (instance.mode === 'data' && !instance.type.startsWith('aws_iam_')) return null
  const account = isConfigured(instance, 'arn')
    ? ''
    : (parseArn(textAt(instance, 'arn') ?? '')?.account ?? '')
  return /^\d{12}$/.test(account) ? account : null
}
