import { type Located, plainOf } from '../../diagnostics/index.ts'
import { type PlacedDocument, type PolicyDocument, parseArn } from '../../model/index.ts'
import { parsePolicy } from '../../policy/parse.ts'
import type { PolicyUse } from '../../policy/parsed.ts'
import type { EntityContext } from '../entities/entity-reading.ts'
import { withWholePaths } from './api-paths.ts'

/**
 * A document, here or in a file of its own.
 * @param about ARN of what has it; null: nothing has it by itself
 * @returns null when there is none; problems have been reported
 */
export function readEstateDocument(
  value: Located,
  use: PolicyUse,
  { files, report }: Pick<EntityContext, 'files' | 'report'>,
  about: string | null = null,
): PlacedDocument | null {
  const written = files.document(value)
  if (written === null) return null
  const located = about === null ? written : withWholePaths(written, about)
  const partition = about === null ? null : (parseArn(about)?.partition ?? null)
  const json = plainOf(located)
  report(parsePolicy(json, located, use, 'validate', partition).diagnostics)
  return { json: json as unknown as PolicyDocument, located }
}
