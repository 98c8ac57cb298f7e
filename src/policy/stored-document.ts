import { type Diagnostic, errorOf } from '../diagnostics/diagnostic.ts'
import { isObject, itemPlace, type Place, placeAt, spanOfPlace } from './parsing.ts'
import type { StoredKind } from './storage-rules.ts'
import { ALL_PARTITIONS } from './stored-arn.ts'

/**
 * Why IAM would not store a document in an account, besides what its text alone says: what a document is stored as and
 * where is not the document's own.
 * @param json of a document that parses
 * @param partition of the account
 * @returns errors, by the table of storage rules
 */
export function storedDocumentProblems(
  json: unknown,
  located: Place,
  kind: StoredKind,
  partition: string,
): readonly Diagnostic[] {
  if (!isObject(json)) return []
  return [
    ...(kind === 'managed' ? managedVersion(json.Version, located) : []),
    ...(kind === 'trust' ? [] : foreignArns(json.Statement, located, partition)),
  ]
}

/** Inline policies may be of the older version, and of none. */
function managedVersion(version: unknown, located: Place): readonly Diagnostic[] {
  if (version !== undefined && version !== '2008-10-17') return []
  return [
    errorOf({
      code: 'policy.managed-version',
      message:
        version === undefined
          ? 'a managed policy has no `Version`, and IAM stores none without it'
          : 'a managed policy is of version `2008-10-17`, which IAM stores in inline policies only',
      help: 'write `Version: "2012-10-17"`; what begins with `${` is a variable from then on',
      span: version === undefined ? firstOf(located) : spanOfPlace(placeAt(located, 'Version')),
    }),
  ]
}

const firstOf = (located: Place) =>
  located === null ? null : { file: located.file, start: located.start, end: located.start + 1 }

function foreignArns(statements: unknown, located: Place, partition: string): readonly Diagnostic[] {
  const at = placeAt(located, 'Statement')
  const list: readonly unknown[] = Array.isArray(statements) ? statements : [statements]
  return list.flatMap((statement, index) => {
    if (!isObject(statement)) return []
    const place = Array.isArray(statements) ? itemPlace(at, index) : at
    return ['Resource', 'NotResource'].flatMap((element) => {
      const value = statement[element]
      const texts: readonly unknown[] = Array.isArray(value) ? value : [value]
      return texts.flatMap((text, number) => {
        const moved = typeof text === 'string' ? inPartition(text, partition) : null
        if (moved === null || typeof text !== 'string') return []
        return [
          errorOf({
            code: 'policy.partition',
            message: `\`${text}\` is of another partition than the account, which is in \`${partition}\``,
            help: `write \`${moved}\``,
            span: spanOfPlace(itemPlace(placeAt(place, element), number)),
          }),
        ]
      })
    })
  })
}

/** The ARN in the account's partition; null: it is there already, or may be. */
function inPartition(arn: string, partition: string): string | null {
  const [, written = ''] = /^arn:([^:]*):/.exec(arn) ?? []
  if (written === partition || !ALL_PARTITIONS.includes(written)) return null
  return `arn:${partition}${arn.slice('arn:'.length + written.length)}`
}
