// Prints what the evaluator gets: the program that a policy is compiled to, and the blocks of one request under it, table by
// table as `assembly/wire.ts` lays them out. What is printed is read from the bytes that go over the boundary.
//
//   node scripts/dump-program.mjs POLICY.json [--principal ARN] [--action A] [--resource R] [--context KEY=VALUE]
//
// Needs a build (`npm run build`). A document with a Principal is taken for the policy of the resource.
import { readFileSync } from 'node:fs'
import { parseArgs } from 'node:util'
import * as wire from '../dist/assembly/wire.js'
import { Engine } from '../dist/src/evaluator/module/engine.js'
import { createPolicyEvaluator } from '../dist/src/evaluator/policy-evaluator.js'
import { ProgramBuilder } from '../dist/src/evaluator/program/program-builder.js'
import { parsePolicy } from '../dist/src/policy/parse.js'

/** Fields by their order: a number, a `text` (offset and length of it), a `range` (first and count). */
const PROGRAM = [
  ['policies', wire.PROGRAM_POLICIES, wire.POLICY_SIZE, [['statements', 'range']]],
  [
    'statements',
    wire.PROGRAM_STATEMENTS,
    wire.STATEMENT_SIZE,
    [
      ['flags'],
      ['actions', 'range'],
      ['resources', 'range'],
      ['principals', 'range'],
      ['conditions', 'range'],
    ],
  ],
  ['refs', wire.PROGRAM_REFS, wire.REF_SIZE, [['to']]],
  [
    'patterns',
    wire.PROGRAM_PATTERNS,
    wire.PATTERN_SIZE,
    [['kind'], ['flags'], ['pieces', 'range'], ['shortest'], ['service']],
  ],
  ['pieces', wire.PROGRAM_PIECES, wire.PIECE_SIZE, [['kind'], ['what', 'piece']]],
  [
    'conditions',
    wire.PROGRAM_CONDITIONS,
    wire.CONDITION_SIZE,
    [['operator'], ['flags'], ['key'], ['values', 'range']],
  ],
  ['values', wire.PROGRAM_VALUES, wire.VALUE_SIZE, [['value', 'text']]],
  ['principals', wire.PROGRAM_PRINCIPALS, wire.NAMED_SIZE, [['kind'], ['principal', 'text']]],
]
const BLOCK = [
  [
    'actions',
    wire.BLOCK_ACTIONS,
    wire.ACTION_SIZE,
    [['action', 'text'], ['service'], ['flags'], ['always'], ['never']],
  ],
  ['sets', wire.BLOCK_SETS, wire.SET_SIZE, [['groups', 'range']]],
  ['groups', wire.BLOCK_GROUPS, wire.GROUP_SIZE, [['layer'], ['members', 'range']]],
  ['members', wire.BLOCK_MEMBERS, wire.MEMBER_SIZE, [['policy']]],
  [
    'principals',
    wire.BLOCK_PRINCIPALS,
    wire.PRINCIPAL_SIZE,
    [
      ['kind'],
      ['flags'],
      ['principal', 'text'],
      ['base', 'text'],
      ['account', 'text'],
      ['partition', 'text'],
      ['keys', 'range'],
      ['set'],
    ],
  ],
  ['resources', wire.BLOCK_RESOURCES, wire.FACTS_SIZE, [['set'], ['keys', 'range']]],
  ['contexts', wire.BLOCK_CONTEXTS, wire.CONTEXT_SIZE, [['keys', 'range']]],
  ['keys', wire.BLOCK_KEYS, wire.KEY_SIZE, [['key'], ['values', 'range']]],
  [
    'values',
    wire.BLOCK_VALUES,
    wire.GIVEN_SIZE,
    [
      ['value', 'text'],
      ['folded', 'text'],
    ],
  ],
  [
    'requests',
    wire.BLOCK_REQUESTS,
    wire.REQUEST_SIZE,
    [['principal'], ['facts'], ['action'], ['resource', 'text'], ['context'], ['owner', 'text']],
  ],
]

/** Names of numbers, from the constants themselves. `flags` are bits. */
const names = (prefix, ...leftOut) =>
  Object.entries(wire).filter(([name]) => name.startsWith(prefix) && !leftOut.includes(name))
const KINDS = {
  'patterns.kind': names('PATTERN_').filter(([name]) => /_(NEVER|ANY|EXACT|PREFIX|GLOB)$/.test(name)),
  'pieces.kind': names('PIECE_').filter(([name]) =>
    /_(LITERAL|STAR|STAR_IN_SEGMENT|ONE|ONE_IN_SEGMENT|VARIABLE)$/.test(name),
  ),
  'conditions.operator': names('OPERATOR_'),
  'program principals.kind': names(
    'NAMED_',
    'NAMED_KIND',
    'NAMED_TEXT',
    'NAMED_LENGTH',
    'NAMED_SIZE',
    'NAMED_KINDS',
  ),
  'block principals.kind': names('KIND_'),
  'groups.layer': names('LAYER_'),
}
const FLAGS = {
  statements: names('STATEMENT_').filter(([name]) =>
    /_(DENIES|NOT_ACTION|NOT_RESOURCE|ANY_RESOURCE|NOT_PRINCIPAL|NO_PRINCIPAL)$/.test(name),
  ),
  patterns: names('PATTERN_').filter(([name]) => /_(FOLDS|TEMPLATE|ARN)$/.test(name)),
  conditions: names('CONDITION_').filter(([name]) => /_(NEGATED|IF_EXISTS|FOR_ALL|FOR_ANY)$/.test(name)),
  actions: names('ACTION_').filter(([name]) =>
    /_(ASSUMES|USES_KEYS|LISTS_BUCKETS|STAYS|CHANGES|ASSUMES_ROOT)$/.test(name),
  ),
  principals: names('PRINCIPAL_').filter(([name]) => /_(SERVICE_LINKED|LISTED|BASE_BY_NAME)$/.test(name)),
}

/** @param what `program` or `block` */
function dump(what, bytes, tables, stringsEntry, keys) {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const word = (at) => view.getUint32(at, true)
  const stringsAt = word(stringsEntry)
  const text = (offset, length) =>
    JSON.stringify(new TextDecoder().decode(bytes.subarray(stringsAt + offset, stringsAt + offset + length)))
  const numbered = (value) =>
    value === wire.NONE ? 'none' : value === wire.PENDING ? 'pending' : String(value)
  const keyName = (number) => keys[number] ?? `key ${number}`

  const shown = (table, [field, shape = 'number'], at) => {
    const [first, second] = [word(at), shape === 'number' ? 0 : word(at + 4)]
    if (shape === 'text') return [`${field} ${text(first, second)}`, 8]
    if (shape === 'range') return [`${field} ${second === 0 ? 'none' : `${first}…${first + second - 1}`}`, 8]
    if (shape === 'piece') {
      const kind = word(at - 4)
      if (kind === wire.PIECE_LITERAL) return [text(first, second), 12]
      if (kind !== wire.PIECE_VARIABLE) return ['', 12]
      const fallback = second === wire.NONE ? '' : `, otherwise ${text(second, word(at + 8))}`
      return [`${keyName(first)}${fallback}`, 12]
    }
    if (field === 'key') return [keyName(first), 4]
    if (field === 'flags') {
      const set = (FLAGS[table] ?? []).filter(([, bit]) => (first & bit) !== 0)
      return [set.length === 0 ? '' : set.map(([name]) => name).join(' | '), 4]
    }
    const named = (KINDS[`${table}.${field}`] ?? KINDS[`${what.split(' ')[0]} ${table}.${field}`])?.find(
      ([, number]) => number === first,
    )
    return [named === undefined ? `${field} ${numbered(first)}` : named[0], 4]
  }

  const lines = [`${what}, ${bytes.length} bytes`]
  for (const [table, entry, size, fields] of tables) {
    const count = word(entry + wire.TABLE_COUNT)
    if (count === 0) continue
    lines.push(`  ${table} at ${word(entry)}, ${size} bytes each`)
    for (let number = 0; number < count; number++) {
      let at = word(entry) + number * size
      const parts = []
      for (const field of fields) {
        const [part, length] = shown(table, field, at)
        if (part !== '') parts.push(part)
        at += length
      }
      if (at !== word(entry) + (number + 1) * size)
        throw new Error(`the fields of ${table} are not ${size} bytes`)
      lines.push(`    ${number}  ${parts.join('  ')}`)
    }
  }
  lines.push(`  strings at ${stringsAt}, ${word(stringsEntry + wire.TABLE_COUNT)} bytes`)
  return lines.join('\n')
}

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    principal: { type: 'string', default: 'arn:aws:iam::111122223333:user/example' },
    action: { type: 'string', default: 's3:GetObject' },
    resource: { type: 'string', default: 'arn:aws:s3:::example/object' },
    context: { type: 'string', multiple: true, default: [] },
  },
})
const [file] = positionals
if (file === undefined) {
  console.error(
    'usage: node scripts/dump-program.mjs POLICY.json [--principal ARN] [--action A] [--resource R]',
  )
  process.exit(1)
}

const document = JSON.parse(readFileSync(file, 'utf8'))
const ofResource = [document.Statement]
  .flat()
  .some((statement) => 'Principal' in statement || 'NotPrincipal' in statement)
const { policy, diagnostics } = parsePolicy(document, null, ofResource ? 'resource' : 'identity', 'evaluate')
if (policy === null) {
  for (const { code, message } of diagnostics) console.error(`${code}: ${message}`)
  process.exit(1)
}

/** What goes over the boundary, as it goes. */
const sent = []
for (const [method, what] of [
  ['register', 'block that is registered'],
  ['open', 'block that is opened'],
]) {
  const original = Engine.prototype[method]
  Engine.prototype[method] = function (size) {
    sent.push({ what, bytes: this.room.bytes.slice(this.room.at, this.room.at + size) })
    return original.call(this, size)
  }
}
const { load, reserve } = Engine.prototype
Engine.prototype.load = function (program) {
  sent.push({ what: 'program', bytes: program.slice() })
  return load.call(this, program)
}
Engine.prototype.reserve = function (size) {
  this.room = reserve.call(this, size)
  return this.room
}

/** The context keys by their numbers, which only the compiler knows by name. */
let keys = []
const { encode } = ProgramBuilder.prototype
ProgramBuilder.prototype.encode = function () {
  keys = [...this.keys.keys()]
  return encode.call(this)
}

const evaluator = await createPolicyEvaluator()
const identified = { id: 'inline:POLICY', policy }
const decision = evaluator.decide({
  request: {
    principal: values.principal,
    action: values.action,
    resource: values.resource,
    context: new Map(
      values.context.map((pair) => [pair.slice(0, pair.indexOf('=')), [pair.slice(pair.indexOf('=') + 1)]]),
    ),
  },
  layers: ofResource ? { resource: identified } : { identity: [identified] },
})

for (const { what, bytes } of sent) {
  const isProgram = what === 'program'
  const tables = isProgram ? PROGRAM : BLOCK
  console.log(`${dump(what, bytes, tables, isProgram ? wire.PROGRAM_STRINGS : wire.BLOCK_STRINGS, keys)}\n`)
}
console.log(`${values.principal} ${values.action} ${values.resource}: ${decision}`)
