import { type Located, plainOf } from '../diagnostics/index.ts'
import type { PlacedDocument, PolicyDocument } from '../model/index.ts'
import { parsePolicy } from '../policy/parse.ts'
import type { PolicyUse } from '../policy/parsed.ts'
import type { EntityContext } from './entity-reading.ts'

/**
 * A document, here or in a file of its own.
 * @param partition of what it is about; null: it isn't known
 * @returns null when there is none; problems have been reported
 */
export function readDocument(
  value: Located,
  use: PolicyUse,
  { files, report }: Pick<EntityContext, 'files' | 'report'>,
  partition: string | null = null,
): PlacedDocument | null {
  const located = files.document(value)
  if (located === null) return null
  const json = plainOf(located)
  report(parsePolicy(json, located, use, 'validate', partition).diagnostics)
  return { json: json as unknown as PolicyDocument, located }
}
