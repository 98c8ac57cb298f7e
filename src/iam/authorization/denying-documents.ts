import type { Layer, Reason } from '../../evaluator/decision.ts'
import { ENTITIES, isEntityKind } from '../../kinds/kind.ts'
import { entityArn, type PolicyDocument, parseArn } from '../../model/index.ts'
import { statementsOf } from '../../policy/canonical.ts'
import { policiesHeldBy } from '../attachments.ts'
import type { Reading } from '../context.ts'
import { currentDocument } from '../managed-policies.ts'
import type { StoredEntity } from '../store-port.ts'
import type { CallingPrincipal } from './calling-principal.ts'
import { idsBehind, type ResourcePolicy } from './stored-layers.ts'

/** A policy that denied something, and whose it is. */
export interface DenyingDocument {
  readonly layer: Layer
  /** The ARN of the policy; of an inline one that of who holds it, of a trust policy that of the role; of a control policy its name. */
  readonly owner: string
  /** null: it is no inline policy. */
  readonly inline: string | null
  /** As the account has it; null: the account hasn't got it, and the organization is as it is declared. */
  readonly text: string | null
}

/** A statement that denies. */
export interface DenyingReason extends Reason {
  /** null: it can't be told which one it was, as of a user and a group with inline policies of one name. */
  readonly document: DenyingDocument | null
}

/** Finds the document of a statement that denied a principal something. */
export async function denyingReason(
  reading: Reading,
  principal: CallingPrincipal,
  resource: ResourcePolicy | null,
  reason: Reason,
): Promise<DenyingReason> {
  const candidates = await candidatesFor(reading, principal, resource, reason)
  const denying = candidates.filter(({ text }) => text === null || saysSo(text, reason))
  const [only = null] = denying
  return { ...reason, document: denying.length === 1 ? only : null }
}

async function candidatesFor(
  reading: Reading,
  { row }: CallingPrincipal,
  resource: ResourcePolicy | null,
  { layer, policy }: Reason,
): Promise<readonly DenyingDocument[]> {
  const whole = (text: string | null): readonly DenyingDocument[] => [
    { layer, owner: policy, inline: null, text },
  ]
  switch (layer) {
    case 'scp':
    case 'rcp':
      return whole(null)
    case 'resource':
      return resource === null ? [] : whole(resource.text)
    case 'endpoint':
      return []
    case 'identity':
    case 'boundary':
    case 'session': {
      const [, inline] = /^inline:(.*)$/s.exec(policy) ?? []
      if (inline !== undefined) return row === null ? [] : heldInline(reading, row, inline, layer)
      // What was passed with a session as text is kept in no policy.
      const text = parseArn(policy) === null ? null : await currentDocument(reading, policy)
      return text === null ? [] : whole(text)
    }
  }
}

async function heldInline(
  reading: Reading,
  row: StoredEntity,
  name: string,
  layer: Layer,
): Promise<readonly DenyingDocument[]> {
  const documents: DenyingDocument[] = []
  for (const { ownerId, name: held, text } of (await policiesHeldBy(reading, await idsBehind(reading, row)))
    .inline) {
    const owner = held === name ? await reading.rows.entityById(ownerId) : null
    if (owner === null || !isEntityKind(owner.kind)) continue
    const arn = entityArn(reading.account, ENTITIES[owner.kind], owner.path, owner.name)
    documents.push({ layer, owner: arn, inline: name, text })
  }
  return documents
}

/** Whether a document has such a statement. */
function saysSo(text: string, { statement, sid, effect }: Reason): boolean {
  const found = statement === null ? undefined : documentIn(text)?.[statement]
  return found?.Effect === effect && (found.Sid ?? null) === sid
}

function documentIn(text: string): ReturnType<typeof statementsOf> | null {
  try {
    // What a target has is taken as it is: `statementsOf` passes over what is none.
    return statementsOf(JSON.parse(text) as PolicyDocument)
  } catch {
    return null
  }
}
