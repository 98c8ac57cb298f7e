import {
  type Membership,
  resourceControlLevels,
  serviceControlLevels,
} from '../../evaluator/estate/organization-levels.ts'
import type { IdentifiedPolicy, PolicyLayers } from '../../evaluator/layers.ts'
import { groupsOf } from '../../kinds/user/iam.ts'
import type { OrganizationPolicy } from '../../model/index.ts'
import { parsePolicy } from '../../policy/parse.ts'
import type { ParsedPolicy, PolicyUse } from '../../policy/parsed.ts'
import { policiesHeldBy } from '../attachments.ts'
import type { Reading } from '../context.ts'
import { currentDocuments } from '../managed-policies.ts'
import { IamError } from '../service-error.ts'
import type { DocumentRow, StoredEntity } from '../store-port.ts'
import type { CallingPrincipal } from './calling-principal.ts'

/** Documents and sets of them that are remembered; more come anew. */
const MOST_REMEMBERED = 5000

/** The policy of a resource: of a role that is to be assumed. */
export interface ResourcePolicy {
  readonly arn: string
  readonly text: string
}

interface NumberedPolicy extends IdentifiedPolicy {
  readonly number: number
}

/** Layer by layer. */
interface Parts {
  readonly identity: readonly NumberedPolicy[]
  readonly boundary: readonly NumberedPolicy[]
  readonly session: readonly NumberedPolicy[]
  readonly scp: readonly (readonly NumberedPolicy[])[]
  readonly rcp: readonly (readonly NumberedPolicy[])[]
  readonly resource: readonly NumberedPolicy[]
}

/**
 * The policies of an account as the evaluator takes them. What was seen before is the same object again, so that it is
 * compiled once, whoever holds it.
 */
export class StoredLayers {
  readonly #membership: Membership | undefined
  readonly #forget: () => void
  /** By their texts, then by use and id: a text that is known is only looked up, since every call brings some. */
  readonly #policies = new Map<string, Map<string, NumberedPolicy>>()
  #policyCount = 0
  readonly #layers = new Map<string, PolicyLayers>()
  /** What the organization says of who stands where in it, which doesn't change. */
  readonly #controls = { scp: new Map<unknown, Parts['scp']>(), rcp: new Map<unknown, Parts['scp']>() }
  /** INVARIANT: no number is given twice, so that one who was put together before all was forgotten means the same after it. */
  #next = 0

  /** @param forget is called when all that was compiled is to be forgotten */
  constructor(membership: Membership | undefined, forget: () => void) {
    this.#membership = membership
    this.#forget = forget
  }

  /**
   * Everything that bears on a principal's request.
   * @param principal null: a provider vouches for whoever asks, and the side of the resource decides alone
   * @param owner where whoever owns the resource stands, if resource control policies speak of the action
   * @throws IamError ServiceFailure when a policy has no clear meaning: nothing is decided by guessing
   */
  async layersOf(
    reading: Reading,
    principal: CallingPrincipal | null,
    resource: ResourcePolicy | null,
    owner: Membership | undefined,
  ): Promise<PolicyLayers> {
    const own = principal === null ? NO_PARTS : await this.#ownParts(reading, principal)
    return this.#joined({
      ...own,
      rcp: this.#levels('rcp', owner, () => resourceControlLevels(owner, undefined)),
      resource: resource === null ? [] : [this.#read('trust', resource.arn, resource.text)],
    })
  }

  async #ownParts(
    reading: Reading,
    { row, session }: CallingPrincipal,
  ): Promise<Omit<Parts, 'rcp' | 'resource'>> {
    const ids = row === null ? [] : await idsBehind(reading, row)
    const { attached, inline, boundary } = await policiesHeldBy(reading, ids)
    const passed = session?.policies ?? { inline: null, arns: [] }
    return {
      identity: [
        ...(await this.#managed(reading, 'identity', attached)),
        ...inline.map((document) => this.#inline(document)),
      ],
      boundary: boundary === null ? [] : await this.#managed(reading, 'boundary', [boundary]),
      session: [
        ...(await this.#managed(reading, 'session', passed.arns)),
        ...(passed.inline === null ? [] : [this.#read('session', 'session', passed.inline)]),
      ],
      scp: this.#levels('scp', this.#membership, () => serviceControlLevels(this.#membership)),
    }
  }

  async #managed(
    reading: Reading,
    use: PolicyUse,
    arns: readonly string[],
  ): Promise<readonly NumberedPolicy[]> {
    const texts = await currentDocuments(reading, arns)
    return arns.map((arn, index) => {
      const text = texts[index] ?? null
      if (text !== null) return this.#read(use, arn, text)
      // One that is attached may deny; one that limits, and is gone, lets nothing through.
      if (use === 'identity') throw unclear(arn)
      return this.#remembered(NO_TEXT, use, arn, () => ALLOWS_NOTHING)
    })
  }

  #inline({ name, text }: DocumentRow): NumberedPolicy {
    return this.#read('identity', `inline:${name}`, text)
  }

  #levels(
    use: 'scp' | 'rcp',
    membership: Membership | undefined,
    levelsOf: () => readonly (readonly OrganizationPolicy[])[],
  ): readonly (readonly NumberedPolicy[])[] {
    let levels = this.#controls[use].get(membership)
    if (levels === undefined) {
      levels = levelsOf().map((level) =>
        level.map(({ name, document }) => this.#read(use, name, JSON.stringify(document.json))),
      )
      this.#controls[use].set(membership, levels)
    }
    return levels
  }

  #read(use: PolicyUse, id: string, text: string): NumberedPolicy {
    return this.#remembered(text, use, id, () => {
      const { policy } = parsePolicy(jsonOf(id, text), null, use, 'evaluate')
      if (policy === null) throw unclear(id)
      return policy
    })
  }

  #remembered(text: string, use: PolicyUse, id: string, read: () => ParsedPolicy): NumberedPolicy {
    const known = this.#policies.get(text) ?? new Map<string, NumberedPolicy>()
    // No use has a blank.
    const key = `${use} ${id}`
    let policy = known.get(key)
    if (policy === undefined) {
      policy = { id, policy: read(), number: this.#next++ }
      this.#policies.set(text, known.set(key, policy))
      this.#policyCount++
    }
    return policy
  }

  #joined(parts: Parts): PolicyLayers {
    const numbers = (policies: readonly NumberedPolicy[]) => policies.map(({ number }) => number)
    const { identity, boundary, session, scp, rcp, resource } = parts
    const key = JSON.stringify([
      numbers(identity),
      numbers(boundary),
      numbers(session),
      scp.map(numbers),
      rcp.map(numbers),
      numbers(resource),
    ])
    let layers = this.#layers.get(key)
    if (layers === undefined) {
      layers = {
        identity,
        boundary,
        session,
        ...(scp.length === 0 ? {} : { scp }),
        ...(rcp.length === 0 ? {} : { rcp }),
        resource: resource[0] ?? null,
      }
      this.#layers.set(key, layers)
    }
    if (this.#policyCount > MOST_REMEMBERED || this.#layers.size > MOST_REMEMBERED) {
      this.#policies.clear()
      this.#policyCount = 0
      this.#controls.scp.clear()
      this.#controls.rcp.clear()
      this.#layers.clear()
      this.#forget()
    }
    return layers
  }
}

/** Whose policies are an identity's: its own, and those of the groups that it is in. */
export const idsBehind = async (
  reading: Pick<Reading, 'rows'>,
  { id }: StoredEntity,
): Promise<readonly string[]> => [id, ...(await groupsOf(reading, id))]

/** Of what is gone. No policy is empty. */
const NO_TEXT = ''
const NO_PARTS = { identity: [], boundary: [], session: [], scp: [] }
const ALLOWS_NOTHING: ParsedPolicy = { version: '2012-10-17', statements: [] }

function jsonOf(id: string, text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    throw unclear(id)
  }
}

const unclear = (id: string): IamError =>
  new IamError(
    'ServiceFailure',
    `what policy ${id} says can't be evaluated, and nothing is decided by guessing`,
  )
