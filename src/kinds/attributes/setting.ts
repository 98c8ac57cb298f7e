import type { Declarations, Members, SettingKind } from '../../model/index.ts'
import { isOwnedText, textMember } from './scalar.ts'

/** What the journal keeps of a setting of the account: its value as a whole. */
export const settingMembers = (value: object | string): Readonly<Record<string, Members>> => ({
  value: [textMember(textOf(value))],
})

/**
 * What becomes of a setting that is no longer declared: it goes if an earlier apply declared just this value; another one
 * is somebody else's, and stays.
 * @param kind as the journal names it
 */
export function settingLeft<V extends object | string>(
  value: V | null,
  kind: SettingKind,
  before: Declarations,
): V | null {
  const declared = before[kind]
  if (value === null || declared === undefined) return value
  // Earlier versions kept no value.
  const { value: members } = declared
  return members === undefined || isOwnedText(textOf(value), members) ? null : value
}

const textOf = (value: object | string): string =>
  typeof value === 'string'
    ? value
    : JSON.stringify(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0)))
