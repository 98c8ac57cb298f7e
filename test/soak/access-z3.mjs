// The access engine against z3, which knows nothing of it: `node test/soak/access-z3.mjs [queries] [seed]`, two thousand
// of each kind unless told. Asks both for texts in some languages and outside of others, and for requests that one side
// allows and the other doesn't. Needs a build, and `z3` (a package of Debian); without it nothing is asked.
import { spawnSync } from 'node:child_process'
import { parseDecimal } from '../../dist/src/access/symbolic/decimal.js'
import { Lang } from '../../dist/src/access/symbolic/lang.js'
import { addressOf } from '../../dist/src/access/symbolic/predicate.js'
import { solveProblem } from '../../dist/src/access/symbolic/solve-problem.js'
import { Symbols } from '../../dist/src/access/symbolic/symbols.js'
import {
  canonical,
  codePoints,
  FOLDED,
  foldedGlob,
  literalGlob,
  ONE,
  ONE_IN_SEGMENT,
  STAR,
  STAR_IN_SEGMENT,
} from '../../dist/src/access/symbolic/tokens.js'
import { problemScript, searchScript } from './smt.mjs'

const queries = Number(process.argv[2] ?? 2000)
const seed = Number(process.argv[3] ?? Date.now() % 1_000_000_000)
/** Of one query, in milliseconds. */
const TIMEOUT = 1000
const BATCH = 100

if (spawnSync('z3', ['--version']).status !== 0) {
  console.log('skipped: there is no `z3` (apt-get install z3)')
  process.exit(0)
}

let state = seed >>> 0
function below(limit) {
  state = (state + 0x6d2b79f5) >>> 0
  let mixed = state
  mixed = Math.imul(mixed ^ (mixed >>> 15), mixed | 1)
  mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
  return Math.floor((((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296) * limit)
}
const pick = (list) => list[below(list.length)]
const some = (least, most, make) => Array.from({ length: least + below(most - least + 1) }, make)

const symbols = new Symbols()
const { langs, atoms, search } = symbols
const [A, B, COLON, SLASH] = codePoints('ab:/')
const TOKENS = [A, A, B, B, COLON, SLASH, STAR, STAR, STAR, ONE, STAR_IN_SEGMENT, ONE_IN_SEGMENT, A | FOLDED]
const randomGlob = () => canonical(some(1, 7, () => pick(TOKENS)))
const randomLang = (most) => langs.of(some(1, most, randomGlob))

/** Whether it takes more than a look at it. */
const isOpen = (lang) => lang instanceof Lang && !lang.isUniversal && lang.members === null

function searchQuery() {
  const inside = some(1, 3, () => randomLang(2))
  const outside = some(0, 3, () => randomLang(2))
  if (inside.length + outside.length < 2 || !inside.every(isOpen) || outside.some((lang) => !isOpen(lang)))
    return null
  if (inside.some((lang) => outside.includes(lang))) return null
  return { script: searchScript(inside, outside), answer: search.find(inside, outside).type }
}

const textPredicate = (globs) => {
  const lang = langs.of(globs)
  return { kind: 'text', lang, upper: lang, lower: lang }
}
const KEYS = {
  several: {
    kind: 'text',
    facts: { values: null, maySeveral: true, mayBeAbsent: true },
    predicate: () => textPredicate(some(1, 2, randomGlob)),
  },
  flag: {
    kind: 'text',
    facts: { values: 'boolean', maySeveral: false, mayBeAbsent: true },
    predicate: () =>
      textPredicate([pick([foldedGlob('true'), foldedGlob('false'), literalGlob('true'), [STAR, A, STAR]])]),
  },
  number: {
    kind: 'number',
    facts: { values: null, maySeveral: false, mayBeAbsent: true },
    predicate: () => ({
      kind: 'number',
      comparison: pick(['equals', 'less', 'lessEquals', 'greater', 'greaterEquals']),
      bounds: some(1, 2, () => parseDecimal(pick(['1', '1.5', '2', '-1', '2.0', '1e1']))),
    }),
  },
  date: {
    kind: 'date',
    facts: { values: 'date', maySeveral: false, mayBeAbsent: false },
    predicate: () => ({
      kind: 'date',
      comparison: pick(['equals', 'less', 'lessEquals', 'greater', 'greaterEquals']),
      bounds: some(1, 2, () => pick([0, 1, 1000, 1_577_836_800_000])),
    }),
  },
  address: {
    kind: 'address',
    facts: { values: 'address', maySeveral: false, mayBeAbsent: true },
    predicate: () => ({
      kind: 'address',
      ranges: some(1, 2, () =>
        addressOf(pick(['10.0.0.0/8', '10.1.0.0/16', '10.1.2.3', '::/0', '0.0.0.0/0', '2001:db8::/32'])),
      ),
    }),
  },
}

const signed = (atom) => (below(3) === 0 ? -(atom + 1) : atom + 1)

function problemQuery() {
  const names = [pick(Object.keys(KEYS)), pick(Object.keys(KEYS))]
  const pool = [
    ...some(2, 4, () => {
      const lang = randomLang(2)
      return atoms.textAtom({ on: 'resource', lang, upper: lang, lower: lang, variables: [] })
    }),
    ...some(2, 5, () => {
      const key = pick(names)
      return atoms.keyAtom({
        key,
        spelling: key,
        whenAbsent: below(2) === 0,
        predicate: below(8) === 0 ? null : KEYS[key].predicate(),
        several: pick(['never', 'always', 'all', 'any']),
        variables: [],
      })
    }),
  ]
  const conjunction = () => [...new Set(some(1, 3, () => signed(pick(pool))))].sort((a, b) => a - b)
  const layer = () => some(1, 2, conjunction)
  const problem = {
    allow: conjunction(),
    layers: some(0, 1, layer),
    denies: some(0, 3, conjunction),
    old: { ways: some(0, 2, () => some(1, 2, layer)), denies: some(0, 2, conjunction) },
    domain: {
      resource: { inside: [langs.of([[STAR]])], outside: [] },
      action: null,
      keyFacts: (key) => KEYS[key].facts,
      settled: new Map(),
      given: new Map(),
      temporary: 'any',
      credentials: 'session',
      members: null,
      owners: null,
      service: null,
    },
  }
  if (isPlain(problem)) return null
  const kinds = new Map(names.map((name) => [name, KEYS[name].kind]))
  return { script: problemScript(problem, kinds, symbols), answer: solveProblem(problem, symbols).type }
}

/** Whether which literals are there, without what they mean, decides. */
function isPlain({ allow, denies, old, layers }) {
  const isFalse = (conjunction) => conjunction.some((literal) => allow.includes(-literal))
  const isTrue = (conjunction) => conjunction.every((literal) => allow.includes(literal))
  if (isFalse(allow) || denies.some(isTrue) || layers.some((layer) => layer.every(isFalse))) return true
  const others = [...denies, ...old.denies, ...old.ways.flat(2), ...layers.flat()]
  return others.every((each) => isFalse(each) || isTrue(each))
}

function askZ3(scripts) {
  const text = scripts
    .map((lines) => ['(reset)', `(set-option :timeout ${TIMEOUT})`, ...lines, '(check-sat)'].join('\n'))
    .join('\n')
  const { stdout, status, error } = spawnSync('z3', ['-in', '-smt2'], { input: text, encoding: 'utf8' })
  const answers = stdout.split('\n').filter((line) => line !== '')
  if (
    error !== undefined ||
    answers.length !== scripts.length ||
    answers.some((line) => line.startsWith('(error'))
  )
    throw new Error(
      `z3 ended with ${status}: ${answers.find((line) => line.startsWith('(error')) ?? stdout.slice(0, 300)}`,
    )
  return answers
}

const MEANS = { found: 'sat', none: 'unsat' }
let disagreements = 0
for (const [name, make] of [
  ['languages', searchQuery],
  ['problems', problemQuery],
]) {
  const counts = { agreed: 0, sat: 0, unsat: 0, unknownToZ3: 0, budget: 0, plain: 0 }
  const start = performance.now()
  while (counts.agreed < queries && disagreements === 0) {
    const asked = []
    while (asked.length < BATCH) {
      const query = make()
      if (query === null) counts.plain++
      else if (query.answer === 'budget') counts.budget++
      else asked.push(query)
    }
    const answers = askZ3(asked.map(({ script }) => script))
    for (const [index, { script, answer }] of asked.entries()) {
      const other = answers[index]
      if (other === 'unknown' || other === 'timeout') counts.unknownToZ3++
      else if (MEANS[answer] === other) {
        counts.agreed++
        counts[other]++
      } else {
        disagreements++
        console.log(`the engine says ${answer}, z3 ${other}:\n${script.join('\n')}\n(check-sat)`)
      }
    }
  }
  const seconds = ((performance.now() - start) / 1000).toFixed(1)
  console.log(`${name}, seed ${seed}, ${seconds} s: ${JSON.stringify(counts)}`)
}
console.log(disagreements === 0 ? 'no disagreement' : `${disagreements} disagreements`)
process.exitCode = disagreements === 0 ? 0 : 1
