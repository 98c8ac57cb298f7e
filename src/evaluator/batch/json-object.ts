import { invalidRequest } from './batch-error.ts'

export type Json = Readonly<Record<string, unknown>>

/** @throws BatchError for a key that isn't known */
export function expectKeys(json: Json, known: readonly string[], what: string): void {
  for (const key of Object.keys(json))
    if (!known.includes(key)) throw invalidRequest(`unknown key \`${key}\` in ${what}`, [key])
}
