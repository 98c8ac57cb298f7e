import { didYouMean, errorOf, type Located, type Span, spanOf } from '../../diagnostics/index.ts'
import type { PlacedSecret, SecretSource } from '../../model/index.ts'
import { folderOf, resolvePath } from '../project/file-paths.ts'
import type { Report } from './policy-names.ts'

/**
 * Where a secret comes from, as a manifest says it. Whatever else stands in its place may be the secret itself: that is
 * refused in words that don't quote it, and hidden wherever its line is shown.
 * @returns null: it is none of the three, which is reported
 */
export function readSecretSource(value: Located, report: Report): PlacedSecret | null {
  const read = value.kind === 'map' ? sourceIn(value.entries) : LITERAL
  if (!('message' in read)) return { source: read, span: spanOf(value) }
  const { code = 'manifest.bad-secret', message, help, span = spanOf(value) } = read
  report({ ...errorOf({ code, message, help, span }), hides: [spanOf(value)] })
  return null
}

interface Refused {
  readonly code?: string
  readonly message: string
  readonly help: string
  /** Absent: all of it. */
  readonly span?: Span
}

const HOW = 'write `{ env: NAME }`, `{ file: path/to/it }` or `{ generate: password }`'

const LITERAL: Refused = {
  code: 'manifest.literal-secret',
  message: 'a secret never stands in a manifest, only where it comes from',
  help: `${HOW}; if this was one, change it wherever it is used`,
}

const NOT_ONE: Refused = {
  message: 'a secret comes from one place: one of `env`, `file` and `generate`',
  help: HOW,
}

function sourceIn(
  entries: readonly { readonly key: string; readonly keySpan: Span; readonly value: Located }[],
): SecretSource | Refused {
  const [entry, second] = entries
  for (const { key, keySpan } of entries)
    if (!isWay(key))
      return {
        message: 'this is nowhere that a secret comes from',
        help: didYouMean(key, Object.keys(WAYS), HOW),
        span: keySpan,
      }
  if (entry === undefined || second !== undefined || !isWay(entry.key)) return NOT_ONE
  const { key, value } = entry
  const source =
    value.kind === 'scalar' && typeof value.value === 'string'
      ? WAYS[key](value.value, value.file)
      : { message: `\`${key}\` takes a text`, help: HOW }
  return 'message' in source ? { ...source, span: spanOf(value) } : source
}

/** @param from the manifest that says it */
type Way = (text: string, from: string) => SecretSource | Refused

const WAYS = {
  env: (text) =>
    /^[A-Za-z_]\w{0,254}$/.test(text)
      ? { env: text }
      : {
          message: 'this can not be the name of a variable of the environment',
          help: 'a letter or `_`, then letters, digits and `_`: `{ env: TLS_KEY }`',
        },
  file: (text, from) => {
    const file = resolvePath(folderOf(from), text)
    if (file === null || file === '')
      return { message: 'this is no file in the IAM folder', help: 'write a path relative to this manifest' }
    if (file.split('/').some((part) => part.startsWith('.') || part === 'node_modules'))
      return {
        message: 'this file is hidden, and not read',
        help: 'names that begin with a dot, and `node_modules`, are no part of the IAM folder',
      }
    return { file }
  },
  generate: (text) =>
    text === 'password'
      ? { generate: text }
      : {
          message: 'this is nothing that can be generated',
          help: 'write `generate: password`: one that nobody has chosen, by the password policy of the account',
        },
} as const satisfies Record<string, Way>

const isWay = (key: string): key is keyof typeof WAYS => Object.hasOwn(WAYS, key)
