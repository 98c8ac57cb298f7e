import {
  entryOf,
  errorOf,
  type Located,
  type LocatedEntry,
  nodeAt,
  plainOf,
  type Span,
  spanOf,
} from '../../diagnostics/index.ts'
import type { OrganizationNode } from '../../model/index.ts'
import { shorten } from '../../yaml/shorten.ts'
import type { DesiredOrganization } from '../desired.ts'
import { firstLineOf } from '../entities/declared.ts'
import type { EntityContext } from '../entities/entity-reading.ts'
import { organization } from '../schema/estate-schema.ts'
import { describe, droppedKeys, schemaDiagnostics } from '../schema/schema-issues.ts'
import { ControlPolicies } from './control-policies.ts'

/** @see AWS Organizations User Guide, "Quotas for AWS Organizations": OU nesting */
const MOST_LEVELS = 5

/** Reads `organization:`. @returns null when there are errors, which have been reported */
export function readOrganization(
  { keySpan, value }: LocatedEntry,
  context: EntityContext,
): DesiredOrganization | null {
  if (value.kind !== 'map') {
    context.report([
      errorOf({
        code: 'manifest.wrong-type',
        message: `\`organization\` takes a map, not ${describe(value)}`,
        help: 'write `id`, `managementAccount` and `roots` under it',
        span: firstLineOf(value),
      }),
    ])
    return null
  }
  const checked = organization.safeParse(plainOf(value))
  if (!checked.success)
    context.report(
      schemaDiagnostics(checked.error.issues, organization, value, {
        title: 'the organization',
        span: keySpan,
      }),
    )
  const { roots, accounts } = namedMaps(value, 'roots')
  context.report(droppedKeys(roots, 'the name of a root or unit'))
  context.report(droppedKeys(accounts, 'the id of an account'))
  const controls = ['serviceControlPolicies', 'resourceControlPolicies'].map((key) => nodeAt(value, [key]))
  context.report(droppedKeys(controls, 'the name of a control policy'))
  const tree = new Tree(value, context)
  const root = tree.read()
  const management = entryOf(value, 'managementAccount')?.value
  if (
    management?.kind === 'scalar' &&
    typeof management.value === 'string' &&
    !tree.accounts.has(management.value)
  )
    context.report([
      errorOf({
        code: 'manifest.unknown-account',
        message: `the management account \`${shorten(management.value)}\` stands nowhere in the organization`,
        help: 'add it to the `accounts` of the root',
        span: spanOf(management),
      }),
    ])
  if (!checked.success || root === null) return null
  const { id, managementAccount } = checked.data
  return { id, managementAccount, root, span: keySpan, accountIds: new Set(tree.accounts.keys()) }
}

/** The maps of an organization whose keys zod checks, all but one, from a map of roots or units downwards. */
function namedMaps(
  node: Located,
  key: 'roots' | 'organizationalUnits',
): { readonly roots: readonly Located[]; readonly accounts: readonly Located[] } {
  const own = entryOf(node, key)?.value
  const units = own?.kind === 'map' ? own.entries.map(({ value }) => value) : []
  const below = units.map((unit) => namedMaps(unit, 'organizationalUnits'))
  return {
    roots: [...(own === undefined ? [] : [own]), ...below.flatMap(({ roots }) => roots)],
    accounts: units
      .flatMap((unit) => entryOf(unit, 'accounts')?.value ?? [])
      .concat(below.flatMap(({ accounts }) => accounts)),
  }
}

/** The tree of one organization, from the root down. */
class Tree {
  readonly #organization: Located
  readonly #context: EntityContext
  readonly #service: ControlPolicies
  readonly #resource: ControlPolicies
  /** Where each account stands. */
  readonly accounts = new Map<string, Span>()

  constructor(value: Located, context: EntityContext) {
    this.#organization = value
    this.#context = context
    this.#service = new ControlPolicies('service', value, context)
    this.#resource = new ControlPolicies('resource', value, context)
  }

  read(): OrganizationNode | null {
    const roots = entryOf(this.#organization, 'roots')?.value
    const [first] = roots?.kind === 'map' ? roots.entries : []
    const root = first === undefined ? null : this.#unit('root', first, 0)
    this.#service.reportUnused()
    this.#resource.reportUnused()
    return root
  }

  #unit(
    kind: 'root' | 'organizationalUnit',
    { key, keySpan, value }: LocatedEntry,
    level: number,
  ): OrganizationNode {
    if (level > MOST_LEVELS)
      this.#context.report([
        errorOf({
          code: 'manifest.quota',
          message: `organizational units are nested ${level} deep; at most ${MOST_LEVELS} levels are allowed`,
          help: 'move the unit further up',
          span: keySpan,
        }),
      ])
    const id = entryOf(value, 'id')?.value
    return {
      kind,
      id: id?.kind === 'scalar' && typeof id.value === 'string' ? id.value : null,
      name: key,
      serviceControlPolicies: this.#service.at(value),
      resourceControlPolicies: this.#resource.at(value),
      children: [
        ...entriesOf(value, 'organizationalUnits').map((entry) =>
          this.#unit('organizationalUnit', entry, level + 1),
        ),
        ...entriesOf(value, 'accounts').map((entry) => this.#account(entry)),
      ],
    }
  }

  #account({ key, keySpan, value }: LocatedEntry): OrganizationNode {
    const first = this.accounts.get(key)
    if (first === undefined) this.accounts.set(key, keySpan)
    else
      this.#context.report([
        errorOf({
          code: 'manifest.duplicate',
          message: `the account \`${key}\` stands twice in the organization`,
          help: 'an account is under one root or unit',
          span: keySpan,
          related: [{ message: 'first here', span: first }],
        }),
      ])
    const name = entryOf(value, 'name')?.value
    return {
      kind: 'account',
      id: key,
      name: name?.kind === 'scalar' && typeof name.value === 'string' ? name.value : key,
      serviceControlPolicies: this.#service.at(value),
      resourceControlPolicies: this.#resource.at(value),
      children: [],
    }
  }
}

function entriesOf(node: Located, key: string): readonly LocatedEntry[] {
  const value = entryOf(node, key)?.value
  return value?.kind === 'map' ? value.entries : []
}
