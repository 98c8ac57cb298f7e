import { z } from 'zod'
import {
  type Diagnostic,
  didYouMean,
  entryOf,
  errorOf,
  type Located,
  type LocatedEntry,
  nodeAt,
  type Span,
  spanAt,
  spanOf,
} from '../../diagnostics/index.ts'
import { shorten } from '../../yaml/shorten.ts'
import { meantOtherwise } from '../hints/meant-otherwise.ts'
import { type NotIndented, notIndented, notIndentedError } from '../hints/not-indented.ts'
import { type Elsewhere, otherWordHelp } from '../hints/other-words.ts'
import { ruleOf } from './rules.ts'

/** Keys whose feature is still to come: known, and refused by name rather than ignored. */
const COMING: ReadonlySet<string> = new Set(['expires', 'journal', 'lint'])

/** The key that JavaScript treats as no other. */
export const ODD_KEY = '__proto__'

/** Maps with names of the author's own: zod passes over this one key of theirs without a word. */
export function droppedKeys(maps: readonly (Located | null)[], what: string): readonly Diagnostic[] {
  return maps.flatMap((map) => {
    const entry = entryOf(map, ODD_KEY)
    return entry === null ? [] : [oddKeyError(what, entry.keySpan)]
  })
}

/** @param what it would be: `the name of a user` */
export const oddKeyError = (what: string, span: Span): Diagnostic =>
  errorOf({
    code: 'manifest.unknown-key',
    message: `\`${ODD_KEY}\` can not be ${what}`,
    help: 'remove it, or choose another name',
    span,
  })

/** What the issues are about, for messages: `role \`deploy\``, `the project file`. */
interface Subject {
  readonly title: string
  /** Underlined when something is missing. */
  readonly span: Span
  /** Keys that are looked for in it, and stand in another place. Absent: none is known. */
  readonly elsewhere?: readonly Elsewhere[]
}

/** A schema's issues about `node` as diagnostics, each with the place of the value or key that it is about. */
export function schemaDiagnostics(
  issues: readonly z.core.$ZodIssue[],
  schema: z.core.$ZodType,
  node: Located,
  subject: Subject,
): readonly Diagnostic[] {
  const diagnostics: Diagnostic[] = []
  const ruled = new Set<string>()
  const strays = straysIn(issues, schema, node)
  for (const found of strays) diagnostics.push(notIndentedError(found))
  const isStray = (entry: LocatedEntry | null) =>
    entry !== null && strays.some(({ owner, keys }) => owner === entry || keys.includes(entry))
  for (const issue of issues) {
    const rule = ruleOf(issue.message) ?? ruleOf(innermostMessage(issue))
    const at = nodeAt(node, issue.path)
    if (issue.code === 'unrecognized_keys') {
      const known = knownKeys(schema, issue.path, node)
      const owner =
        issue.path.length === 0 ? subject : { title: `\`${issue.path.join('.')}\``, span: subject.span }
      for (const key of issue.keys)
        if (!isStray(entryOf(at, key))) diagnostics.push(unknownKey(key, at, node, owner, known))
    } else if (isStray(entryOf(nodeAt(node, issue.path.slice(0, -1)), String(issue.path.at(-1))))) {
      // Its value was found beside it.
    } else if (at === null) {
      diagnostics.push(missingKey(issue.path, node, subject))
    } else if (rule !== null) {
      // A value may break two clauses of one rule (too long, and a wrong character): said once.
      const isKey = issue.code === 'invalid_key'
      const place = `${issue.path.join('\0')}\0${rule.code}`
      if (ruled.has(place)) continue
      ruled.add(place)
      const span = isKey ? keySpanAt(node, issue.path) : spanAt(node, issue.path)
      const shown = isKey ? `\`${shorten(String(issue.path.at(-1)))}\`` : shownOf(at)
      const told = meantOtherwise(rule, issue, at) ?? { message: rule.message(shown), help: rule.help }
      diagnostics.push(errorOf({ code: rule.code, ...told, span }))
    } else diagnostics.push(wrongType(issue, at, subject))
  }
  return diagnostics
}

/** Unknown keys that lost their indentation. */
const straysIn = (
  issues: readonly z.core.$ZodIssue[],
  schema: z.core.$ZodType,
  node: Located,
): readonly NotIndented[] =>
  issues.flatMap((issue) => {
    const at = issue.code === 'unrecognized_keys' ? nodeAt(node, issue.path) : null
    return at?.kind === 'map' ? notIndented(at.entries, knownKeys(schema, issue.path, node)) : []
  })

/** The keys that the strict object at a path of a schema has; of several that the one `node` has there chooses. */
function knownKeys(schema: z.core.$ZodType, path: readonly PropertyKey[], node: Located): readonly string[] {
  let current = schema
  for (const step of path) {
    const def: SchemaDef = definitionOf(current)
    const next = def.shape?.[String(step)] ?? def.valueType ?? def.element
    if (next === undefined) return []
    current = next
  }
  const { shape, options = [], discriminator = '' } = definitionOf(current)
  if (shape !== undefined) return Object.keys(shape)
  const chosen = nodeAt(node, [...path, discriminator])
  const option = options.find((each) => {
    const value = definitionOf(each).shape?.[discriminator]
    return chosen?.kind === 'scalar' && value !== undefined && z.safeParse(value, chosen.value).success
  })
  return option === undefined ? [] : Object.keys(definitionOf(option).shape ?? {})
}

/** The parts of a schema's definition that lead to another schema. */
interface SchemaDef {
  readonly shape?: Readonly<Record<string, z.core.$ZodType>>
  readonly valueType?: z.core.$ZodType
  readonly element?: z.core.$ZodType
  readonly innerType?: z.core.$ZodType
  /** Of a union by one of its keys. */
  readonly options?: readonly z.core.$ZodType[]
  readonly discriminator?: string
}

/** Without `optional` and `nullable` around it. */
function definitionOf(schema: z.core.$ZodType): SchemaDef {
  const def = schema._zod.def as SchemaDef
  return def.innerType === undefined ? def : definitionOf(def.innerType)
}

const innermostMessage = (issue: z.core.$ZodIssue): string =>
  issue.code === 'invalid_key' || issue.code === 'invalid_element' ? (issue.issues[0]?.message ?? '') : ''

export function unknownKey(
  key: string,
  at: Located | null,
  node: Located,
  subject: Subject,
  known: readonly string[],
): Diagnostic {
  const span = entryOf(at, key)?.keySpan ?? spanOf(at ?? node)
  if (COMING.has(key))
    return errorOf({
      code: 'manifest.not-supported-yet',
      message: `\`${key}\` is not supported yet`,
      help: `remove \`${key}\`: a later version will read it, this one would ignore it`,
      span,
    })
  return errorOf({
    code: 'manifest.unknown-key',
    message: `\`${shorten(key)}\` is not a key of ${subject.title}`,
    help:
      otherWordHelp(key, known, subject.elsewhere ?? []) ??
      didYouMean(key, known, `the keys are ${known.map((each) => `\`${each}\``).join(', ')}`),
    span,
  })
}

function missingKey(path: readonly PropertyKey[], node: Located, subject: Subject): Diagnostic {
  const key = String(path.at(-1))
  const parent = path.length === 1 ? subject.span : spanAt(node, path)
  return errorOf({
    code: 'manifest.missing-key',
    message: `${subject.title} has no \`${key}\``,
    help: `add \`${key}:\``,
    span: parent,
  })
}

const EXPECTED: Readonly<Record<string, readonly [what: string, help: string]>> = {
  string: ['a string', 'write a text; quote numbers, dates and `true`'],
  number: ['a number', 'write a number, without quotes'],
  int: ['a whole number', 'write a number, without quotes'],
  boolean: ['`true` or `false`', 'write `true` or `false`, without quotes'],
  array: ['a list', 'write a list: `[a, b]`, or a line `- a` for each'],
  object: ['a map', 'write keys and values, indented: `key: value`'],
  record: ['a map', 'write keys and values, indented: `key: value`'],
}

function wrongType(issue: z.core.$ZodIssue, at: Located, subject: Subject): Diagnostic {
  const [what, help] = (issue.code === 'invalid_type' ? EXPECTED[issue.expected] : undefined) ?? [
    'such a value',
    'see the JSON Schema of this file in `schema/`',
  ]
  const key = issue.path.filter((step) => typeof step === 'string').at(-1)
  const isQuoted =
    at.kind === 'scalar' && at.quoted && /^(?:true|false|-?\d+(?:\.\d+)?)$/.test(String(at.value))
  return errorOf({
    code: 'manifest.wrong-type',
    message: `${key === undefined ? subject.title : `\`${shorten(String(key))}\``} takes ${what}, not ${describe(at)}`,
    help: isQuoted ? `${help}; a \`{{ variable }}\` is always a text` : help,
    span: spanOf(at),
  })
}

/** What a node is, for "takes a string, not …". */
export function describe(node: Located): string {
  if (node.kind === 'list') return node.items.length === 0 ? 'an empty list' : 'a list'
  if (node.kind === 'map') return 'a map'
  if (node.value === null) return 'nothing'
  if (typeof node.value === 'string') return `the text \`${shorten(node.value)}\``
  return `${typeof node.value === 'number' ? 'the number' : 'the boolean'} \`${String(node.value)}\``
}

/** What a node is, for "… can not be …", where `nothing` would say the opposite. */
function shownOf(node: Located): string {
  if (node.kind !== 'scalar') return describe(node)
  return node.value === null ? 'an empty value' : `\`${shorten(String(node.value))}\``
}

/** The place of the key at the end of a path. */
function keySpanAt(node: Located, path: readonly PropertyKey[]): Span {
  const parent = nodeAt(node, path.slice(0, -1))
  return entryOf(parent, String(path.at(-1)))?.keySpan ?? spanAt(node, path)
}
