import type { Sealer } from '../sealing.ts'
import type { Denial } from './denial.ts'
import type { DenyingDocument } from './denying-documents.ts'

/** Turns denials into messages that only this account can read. */
export interface DenialMessages {
  encode(denial: Denial): string
  /** @returns the JSON text that `DecodeAuthorizationMessage` answers; null: it is none of ours */
  decode(message: string): string | null
}

/** What `DecodeAuthorizationMessage` takes: what is longer goes without the context keys. */
export const LONGEST_MESSAGE = 10_240

const ABOUT = 'authorization failure message'

/** Where a statement stands in the project, by its number; null: the project doesn't declare what denied, or not as it is. */
export type FindStatement = (
  document: DenyingDocument,
  statement: number,
) => { readonly file: string; readonly line: number } | null

/**
 * @param find of a project that is known; absent: none is
 * @see AWS STS API Reference, DecodeAuthorizationMessage: what a decoded message tells
 */
export function denialMessages(
  sealer: Sealer,
  accountId: string,
  find: FindStatement = () => null,
): DenialMessages {
  return {
    encode: (denial) => {
      const sealed = (told: Denial) =>
        sealer.seal(JSON.stringify(toldOf(told, find)), `${ABOUT} ${accountId}`)
      const whole = sealed(denial)
      return whole.length <= LONGEST_MESSAGE ? whole : sealed({ ...denial, context: new Map() })
    },
    decode: (message) => sealer.open(message, `${ABOUT} ${accountId}`),
  }
}

const toldOf = ({ principal, needed, decision, layer, reasons, context }: Denial, find: FindStatement) => ({
  allowed: false,
  explicitDeny: decision === 'explicit_deny',
  layer,
  matchedStatements: {
    items: reasons.map(({ policy, sid, statement, effect, document }) => ({
      policy,
      statementId: sid ?? '',
      statement,
      effect: effect.toUpperCase(),
      ...(statement === null || document === null ? {} : (find(document, statement) ?? {})),
    })),
  },
  failures: { items: [] },
  context: {
    principal: { arn: principal },
    action: needed.action,
    resource: needed.resource,
    conditions: {
      items: [...context].map(([key, values]) => ({
        key,
        values: { items: values.map((value) => ({ value })) },
      })),
    },
  },
})
