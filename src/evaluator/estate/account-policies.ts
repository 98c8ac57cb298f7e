import {
  type AccountState,
  type GroupState,
  type IdentityState,
  type PolicyDocument,
  type PrincipalEntity,
  parseEntityArn,
  type StateDocument,
} from '../../model/index.ts'
import type { PolicyUse } from '../../policy/parsed.ts'
import type { IdentifiedPolicy, PolicyLayers } from '../layers.ts'
import { layersKnownFor } from './known-layers.ts'
import type { ParsedDocuments } from './parsed-documents.ts'
import { refuse } from './refusal.ts'

export interface AccountFacts {
  /** The document of one of AWS's own policies, by ARN; null: there is none. */
  documentOf(arn: string): PolicyDocument | null
  /** When the requests are made. */
  readonly now: Date
  /** Analyses take rules that AWS leaves open the way that grants less; absent: what hangs on them is unknown. */
  readonly assume?: 'strict'
  /** Reads under which names services show tags; absent: under `aws:ResourceTag/…` alone. */
  readonly openTagKeys?: () => Promise<TagKeysOf>
  /** Reads which keys requests for an action can carry; absent: any, for what a question leaves open. */
  readonly openCarriedKeys?: () => Promise<MayCarry>
}

/** Whether requests for an action can carry a key; both in lower case. */
export type MayCarry = (action: string, key: string) => boolean

/**
 * Under which names of its own, beside `aws:ResourceTag/`, an action shows the tags of a resource, an ARN:
 * `ec2:ResourceTag/`.
 */
export type TagKeysOf = (action: string, resource: string) => readonly string[]

/** Which policies the users and roles of one account have. */
export class AccountPolicies {
  readonly #state: AccountState
  readonly #facts: AccountFacts
  readonly #documents: ParsedDocuments
  readonly #known: ReturnType<typeof layersKnownFor>

  constructor(state: AccountState, facts: AccountFacts, documents: ParsedDocuments) {
    this.#state = state
    this.#facts = facts
    this.#documents = documents
    this.#known = layersKnownFor(state.entities.policy, state.awsPolicies, facts, documents)
  }

  /** Own policies, those of the groups, and the boundary. @throws Refusal when one of them can't be known */
  layersOf(entity: PrincipalEntity): PolicyLayers {
    const groups = 'groups' in entity ? entity.groups.map((name) => this.#groupOf(entity, name)) : []
    const known = this.#known.ofEntities.get(entity)
    if (known?.groups.every((group, index) => group === groups[index])) return known.layers
    const identity = [...this.#heldBy(entity), ...groups.flatMap((group) => this.#ofGroup(group))]
    const { permissionsBoundary } = entity
    const layers: PolicyLayers = {
      identity,
      boundary: permissionsBoundary === null ? null : [this.#managedPolicy(permissionsBoundary, 'boundary')],
    }
    this.#known.ofEntities.set(entity, { groups, layers })
    return layers
  }

  #groupOf({ kind, name: member }: PrincipalEntity, name: string): GroupState {
    const group = this.#state.entities.group.get(name)
    if (group === undefined)
      throw refuse(
        'evaluate.unknown-group',
        `${kind} \`${member}\` is in group \`${name}\`, which is not there`,
        null,
      )
    return group
  }

  /** Thousands are members of few groups. */
  #ofGroup(group: GroupState): readonly IdentifiedPolicy[] {
    let policies = this.#known.ofGroups.get(group)
    if (policies === undefined) {
      policies = this.#heldBy(group)
      this.#known.ofGroups.set(group, policies)
    }
    return policies
  }

  #heldBy({ managedPolicies, inlinePolicies }: IdentityState): readonly IdentifiedPolicy[] {
    return [
      ...managedPolicies.map((arn) => this.#managedPolicy(arn, 'identity')),
      ...[...inlinePolicies].map(([name, document]) =>
        this.#documents.identified(`inline:${name}`, document, 'identity'),
      ),
    ]
  }

  #managedPolicy(arn: string, use: PolicyUse): IdentifiedPolicy {
    return this.#documents.identified(arn, this.#managedDocument(arn), use)
  }

  #managedDocument(arn: string): StateDocument {
    const known = this.#known.managed.get(arn)
    if (known !== undefined) return known
    const name = parseEntityArn(arn)?.name ?? ''
    const own = this.#state.entities.policy.get(name)
    const document = own?.arn === arn ? own.document : this.#awsDocument(arn)
    if (document === null)
      throw refuse(
        'evaluate.unknown-policy',
        `policy \`${arn}\` is attached, but its document is not known`,
        'declare the policy, or detach it',
      )
    this.#known.managed.set(arn, document)
    return document
  }

  #awsDocument(arn: string): StateDocument | null {
    const held = this.#state.awsPolicies?.get(arn)
    if (held !== undefined) return held
    const json = this.#facts.documentOf(arn)
    return json === null ? null : { json, located: null }
  }
}
