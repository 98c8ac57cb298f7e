import { type Instance, lengthAt, textAt } from './instance.ts'
import type { PlanContext } from './plan-context.ts'

const UNIT = 'aws_organizations_organizational_unit'
const MEMBER_ACCOUNT = 'aws_organizations_account'
const ORGANIZATION = 'aws_organizations_organization'

/** Types of what stands somewhere in the tree. */
export const PLACED_TYPES: readonly string[] = [UNIT, MEMBER_ACCOUNT]

/** By a data source that lists what is in a unit or the root, the attribute that has the list. */
const LISTS: Readonly<Record<string, string>> = {
  aws_organizations_organizational_units: 'children',
  aws_organizations_organizational_unit_child_accounts: 'accounts',
}

/** What a plan says of where accounts and units stand. Nodes are called by their ids, or by the address of what is yet to be created. */
export class OrganizationTree {
  readonly #context: PlanContext
  readonly #parents = new Map<string, string>()
  readonly #managed = new Set<string>()
  #management: string | null = null

  constructor(context: PlanContext) {
    this.#context = context
    for (const each of context.side.instances) this.#add(each)
  }

  /**
   * The nodes that are known to stand above an account, and itself: from it upwards.
   * @returns null: it may be the management account, which no control policy binds
   */
  chainOf(account: string): { readonly nodes: readonly string[]; readonly isWhole: boolean } | null {
    const isMember = this.#management === null ? this.#managed.has(account) : this.#management !== account
    if (!isMember) return null
    const nodes = [account]
    for (
      let next = this.#parents.get(account);
      next !== undefined && !nodes.includes(next);
      next = this.#parents.get(next)
    )
      nodes.push(next)
    return { nodes, isWhole: isRoot(nodes.at(-1) ?? '') }
  }

  /** The node that an attribute says; null: it isn't known. */
  nodeAt(instance: Instance, attribute: string): string | null {
    const known = textAt(instance, attribute)
    if (known !== null) return known
    const target = this.#context.referred.behind(instance, [attribute], ['id'])
    return target === null ? null : nodeOf(target)
  }

  #add(instance: Instance): void {
    const { type } = instance
    if (type === ORGANIZATION) this.#management ??= textAt(instance, 'master_account_id')
    if (PLACED_TYPES.includes(type)) {
      const node = nodeOf(instance)
      this.#put(node, this.nodeAt(instance, 'parent_id'))
      if (type === MEMBER_ACCOUNT && instance.mode === 'managed') this.#managed.add(node)
    }
    const list = Object.hasOwn(LISTS, type) ? LISTS[type] : undefined
    if (list === undefined) return
    const parent = this.nodeAt(instance, 'parent_id')
    for (let index = 0; index < (lengthAt(instance, list) ?? 0); index++)
      this.#put(textAt(instance, list, index, 'id'), parent)
  }

  #put(node: string | null, parent: string | null): void {
    if (node !== null && parent !== null) this.#parents.set(node, parent)
  }
}

export const isRoot = (node: string): boolean => node.startsWith('r-')

const nodeOf = (instance: Instance): string => textAt(instance, 'id') ?? instance.address
