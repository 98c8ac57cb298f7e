import type { Organization } from '../../model/index.ts'
import type { Authorizer } from '../authorization/authorizer.ts'
import type { Call } from '../authorization/call.ts'
import type { DenialMessages } from '../authorization/denial-messages.ts'
import type { Reading, Writing } from '../context.ts'
import { refused } from '../refusals.ts'
import type { ProviderKeys } from './provider-keys.ts'
import type { SessionTokens } from './session-tokens.ts'

/** What an operation of STS has at hand. */
export interface StsContext {
  authorizer(): Promise<Authorizer>
  readonly tokens: SessionTokens
  readonly messages: DenialMessages
  readonly providerKeys: ProviderKeys
  /** null: none is declared. */
  readonly organization: Organization | null
  /** Whether root access is centralized in the organization. */
  readonly rootSessions: boolean
  read<T>(work: (reading: Reading) => Promise<T>): Promise<T>
  write<T>(work: (writing: Writing) => Promise<T>): Promise<T>
}

/** A signed call, with the input that its operation takes. */
export type StsCall<Input> = Omit<Call, 'input'> & { readonly input: Input & Call['input'] }

/** Whole seconds, as AWS's times are. */
export const wholeSeconds = (now: number): number => Math.floor(now / 1000) * 1000

/** @throws IamError ValidationError */
export function readDuration(
  value: unknown,
  { least, most, otherwise }: { readonly least: number; readonly most: number; readonly otherwise: number },
): number {
  if (value === undefined || value === null) return otherwise
  if (typeof value !== 'number' || !Number.isInteger(value) || value < least)
    throw invalidDuration(value, `Member must have value greater than or equal to ${least}`)
  if (value > most) throw invalidDuration(value, `Member must have value less than or equal to ${most}`)
  return value
}

const invalidDuration = (value: unknown, rule: string) =>
  refused(
    'ValidationError',
    `1 validation error detected: Value '${String(value)}' at 'durationSeconds' failed to satisfy constraint: ${rule}`,
  )
