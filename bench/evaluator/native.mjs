// The matching loop in C (`bench/peers/matching.c`), compiled when the bench runs. It gets the same tables as bytes: rows
// of bits for actions, statements, patterns, and for each principal the words of a row that are its own. `bare` reads the
// account out of the ARN, walks the statements and compares resources; `whole` does for a request what the module's
// `decideAll` does for one whose policies ask for no context. Writing requests for it, and reading them in, is not part of
// its time.
import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { KIND_ROLE, KIND_USER, LAYER_BOUNDARY, LAYER_IDENTITY, NONE } from '../../dist/assembly/wire.js'
import { actionFacts } from '../../dist/src/evaluator/module/action-facts.js'
import { CarefulEvaluator } from './careful/evaluator.mjs'
import { ONE, STAR, TEXT } from './careful/patterns.mjs'

const SOURCE = fileURLToPath(new URL('../peers/matching.c', import.meta.url))
const FLAGS = ['-std=c11', '-D_POSIX_C_SOURCE=200809L', '-O3', '-march=native', '-Wall', '-Werror']

/** @returns the compiler's first line of `--version`, or null: there is none */
export function compilerVersion() {
  const { status, stdout } = spawnSync('cc', ['--version'], { encoding: 'utf8' })
  return status === 0 ? (stdout.split('\n')[0] ?? '') : null
}

/** @returns of the bare loop and of the whole work, decisions and nanoseconds of each run */
export function decideNatively(workload, runs) {
  const folder = mkdtempSync(join(tmpdir(), 'iam-sync-bench-c-'))
  try {
    const [program, tables, decisions] = ['matching', 'tables', 'decisions'].map((name) => join(folder, name))
    run('cc', [...FLAGS, '-o', program, SOURCE])
    writeFileSync(tables, tablesOf(workload))
    const measure = (mode) => {
      const lines = run(program, [tables, decisions, String(runs), mode])
        .trim()
        .split('\n')
      return { decisions: new Uint8Array(readFileSync(decisions)), nanoseconds: lines.map(Number) }
    }
    return { bare: measure('bare'), whole: measure('whole') }
  } finally {
    rmSync(folder, { recursive: true })
  }
}

function run(command, args) {
  const { status, stdout, stderr } = spawnSync(command, args, { encoding: 'utf8' })
  if (status !== 0) throw new Error(`${command} ended with ${status}: ${stderr}`)
  return stdout
}

const KINDS = new Set([TEXT, STAR, ONE])

/** The careful evaluator's tables, as the drawing in `matching.c` has them. */
function tablesOf(workload) {
  const careful = new CarefulEvaluator(workload.principals)
  const { principals, actions } = careful.register(workload)
  const { table } = careful
  const rowWords = (table.width + 1) >> 1
  const texts = new TextList()
  const patterns = []
  const parts = []
  const addPattern = ({ kind, parts: own }) => {
    const listed = own.filter((part) => kind !== 2 || part.kind === TEXT)
    if (!listed.every((part) => KINDS.has(part.kind))) throw new Error('the loop in C knows no such pattern')
    const shortest = listed.reduce((sum, part) => sum + (part.kind === ONE ? 1 : part.text.length), 0)
    patterns.push(kind, parts.length / 4, listed.length, shortest)
    for (const part of listed) parts.push(part.kind, ...texts.add(part.text), 0)
  }
  const statements = table.statements.flatMap(({ notResource, resources }) => {
    const first = patterns.length / 4
    for (const pattern of resources) addPattern(pattern)
    return [notResource ? 1 : 0, first, resources.length, 0]
  })
  const groups = []
  const pairs = []
  const addGroup = ({ places, masks }, layer) => {
    const words = new Map()
    for (const [index, place] of places.entries()) {
      const bits = BigInt.asUintN(32, BigInt(masks[index])) << BigInt((place & 1) * 32)
      words.set(place >> 1, (words.get(place >> 1) ?? 0n) | bits)
    }
    groups.push(pairs.length / 2, words.size, layer, 0)
    for (const [word, mask] of words) pairs.push(BigInt(word), mask)
  }
  const partition = texts.add('aws')
  const people = principals.flatMap(({ account, identity, boundary }, place) => {
    const first = groups.length / 4
    addGroup(identity, LAYER_IDENTITY)
    if (boundary !== null) addGroup(boundary, LAYER_BOUNDARY)
    const { principal } = workload.principals[place]
    const kind = principal.includes(':user/') ? KIND_USER : KIND_ROLE
    return [texts.add(account)[0], first, groups.length / 4 - first, kind, ...partition, 0, 0]
  })
  const special = workload.actions.flatMap((action) => {
    const { flags, fixed } = actionFacts(action)
    return [flags, fixed.other.always, fixed.other.never, 0]
  })
  const { requests } = workload
  const asked = requests.resources.flatMap((resource, place) => [
    requests.principals[place],
    requests.actions[place],
    ...texts.add(resource),
    NONE,
    NONE,
    0,
    0,
  ])
  const wide = (row) => {
    const words = new Int32Array(rowWords * 2)
    words.set(row)
    return words
  }
  const counted = [actions.length, statements.length / 4, patterns.length / 4, parts.length / 4]
  const others = [
    people.length / 8,
    groups.length / 4,
    pairs.length / 2,
    requests.resources.length,
    texts.size,
  ]
  return joined([
    Uint32Array.of(rowWords, ...counted, ...others),
    ...actions.map(wide),
    wide(table.denyRow),
    wide(table.plainRow),
    ...[special, statements, patterns, parts, people, groups].map((list) => Uint32Array.from(list)),
    BigUint64Array.from(pairs),
    Uint32Array.from(asked),
    texts.bytes(),
  ])
}

/** Texts one behind the other, in ASCII. */
class TextList {
  #texts = []
  size = 0

  add(text) {
    const at = this.size
    this.#texts.push(text)
    this.size += text.length
    return [at, text.length]
  }

  bytes() {
    return Buffer.from(this.#texts.join(''), 'latin1')
  }
}

/** Each section at a multiple of 8 bytes. */
function joined(sections) {
  const padded = sections.flatMap(({ buffer, byteOffset, byteLength }) => [
    Buffer.from(buffer, byteOffset, byteLength),
    Buffer.alloc(-byteLength & 7),
  ])
  return Buffer.concat(padded)
}
