// Questions of the access engine in the words of SMT-LIB: strings and regular expressions for texts, reals and integers
// for numbers and addresses, a flag and a count for how many values a key has.
import {
  FOLDED,
  ONE,
  ONE_IN_SEGMENT,
  STAR,
  STAR_IN_SEGMENT,
  variantsOf,
} from '../../dist/src/access/symbolic/tokens.js'

/** As many values of one key as may be needed. */
const VALUES = 4

const quoted = (point) => `"\\u{${point.toString(16)}}"`
/** Any character but a colon. */
const NO_COLON = '(re.union (re.range "\\u{0}" "9") (re.range ";" "\\u{2ffff}"))'

function tokenRegex(token) {
  if (token === STAR) return 're.all'
  if (token === ONE) return 're.allchar'
  if (token === STAR_IN_SEGMENT) return `(re.* ${NO_COLON})`
  if (token === ONE_IN_SEGMENT) return NO_COLON
  if (token < FOLDED) return `(str.to_re ${quoted(token)})`
  return unionOf(variantsOf(token & ~FOLDED).map((point) => `(str.to_re ${quoted(point)})`))
}

const unionOf = (all) =>
  all.length === 0 ? 're.none' : all.length === 1 ? all[0] : `(re.union ${all.join(' ')})`
const globRegex = (glob) =>
  glob.length === 0
    ? '(str.to_re "")'
    : glob.length === 1
      ? tokenRegex(glob[0])
      : `(re.++ ${glob.map(tokenRegex).join(' ')})`
const and = (all) => (all.length === 0 ? 'true' : all.length === 1 ? all[0] : `(and ${all.join(' ')})`)
const or = (all) => (all.length === 0 ? 'false' : all.length === 1 ? all[0] : `(or ${all.join(' ')})`)

const inLang = (text, lang) => `(str.in_re ${text} ${unionOf(lang.globs.map(globRegex))})`

/** A text that all of some languages have, and no one of others. */
export const searchScript = (inside, outside) => [
  '(declare-const r String)',
  '(assert (>= (str.len r) 1))',
  ...inside.map((lang) => `(assert ${inLang('r', lang)})`),
  ...outside.map((lang) => `(assert (not ${inLang('r', lang)}))`),
]

const COMPARED = { equals: '=', less: '<', lessEquals: '<=', greater: '>', greaterEquals: '>=' }

const decimalOf = ({ digits, scale }) =>
  digits < 0n ? `(- (/ ${-digits}.0 ${10n ** BigInt(scale)}.0))` : `(/ ${digits}.0 ${10n ** BigInt(scale)}.0)`
const dateOf = (bound) => (bound < 0 ? `(- ${-bound}.0)` : `${bound}.0`)

/** That value number `index` of a key passes. */
function passes(key, index, predicate) {
  const value = `${key}_${index}`
  switch (predicate?.kind) {
    case undefined:
      return 'true'
    case 'text':
      return inLang(value, predicate.lang)
    case 'number':
    case 'date':
      return and([
        `${value}_typed`,
        or(
          predicate.bounds.map(
            (bound) =>
              `(${COMPARED[predicate.comparison]} ${value} ${predicate.kind === 'date' ? dateOf(bound) : decimalOf(bound)})`,
          ),
        ),
      ])
    case 'address':
      return or(
        predicate.ranges.map(
          ({ bits, low, high }) =>
            `(and (= ${value}_bits ${bits}) (<= ${low} ${value}) (<= ${value} ${high}))`,
        ),
      )
    default:
      throw new Error(`no words for ${predicate.kind}`)
  }
}

function keyTest({ key, whenAbsent, predicate, several }) {
  const used = Array.from({ length: VALUES }, (_, index) => `(< ${index} ${key}_n)`)
  const each = used.map((isUsed, index) => [isUsed, passes(key, index, predicate)])
  const ofSeveral =
    several === 'never'
      ? 'false'
      : several === 'always'
        ? 'true'
        : several === 'all'
          ? and(each.map(([isUsed, holds]) => `(=> ${isUsed} ${holds})`))
          : or(each.map(([isUsed, holds]) => `(and ${isUsed} ${holds})`))
  return `(ite (= ${key}_n 0) ${whenAbsent} (ite (= ${key}_n 1) ${passes(key, 0, predicate)} ${ofSeveral}))`
}

/** What a key may be: how many values, each a text, a number or an address. */
function keyWords(key, kind, facts) {
  const lines = [
    `(declare-const ${key}_n Int)`,
    `(assert (<= ${facts.mayBeAbsent ? 0 : 1} ${key}_n ${facts.maySeveral ? VALUES : 1}))`,
  ]
  for (let index = 0; index < VALUES; index++) {
    const value = `${key}_${index}`
    if (kind === 'text') {
      lines.push(`(declare-const ${value} String)`, `(assert (>= (str.len ${value}) 1))`)
      if (facts.values === 'boolean') lines.push(`(assert (or (= ${value} "true") (= ${value} "false")))`)
      for (let other = 0; other < index; other++)
        lines.push(`(assert (=> (< ${index} ${key}_n) (not (= ${value} ${key}_${other}))))`)
    } else if (kind === 'address') {
      lines.push(`(declare-const ${value} Int)`, `(declare-const ${value}_bits Int)`)
      lines.push(`(assert (or (= ${value}_bits 0) (= ${value}_bits 32) (= ${value}_bits 128)))`)
      lines.push(
        `(assert (and (<= 0 ${value}) (<= ${value} (ite (= ${value}_bits 32) ${(1n << 32n) - 1n} ${(1n << 128n) - 1n}))))`,
      )
      if (facts.values !== null) lines.push(`(assert (not (= ${value}_bits 0)))`)
    } else {
      lines.push(`(declare-const ${value} Real)`, `(declare-const ${value}_typed Bool)`)
      if (facts.values !== null) lines.push(`(assert ${value}_typed)`)
    }
  }
  return lines
}

/** A whole problem: `kinds` names each key's kind of values. */
export function problemScript({ allow, layers, denies, old, domain }, kinds, symbols) {
  const literal = (signed) => {
    const atom = symbols.atoms.at(Math.abs(signed) - 1)
    const test = atom.on === 'key' ? keyTest(atom) : inLang('r', atom.lang)
    return signed > 0 ? test : `(not ${test})`
  }
  const conjunction = (all) => and(all.map(literal))
  const layer = (all) => or(all.map(conjunction))
  const allowed = (side) =>
    and([
      or(side.ways.map((way) => and(way.map(layer)))),
      ...side.denies.map((deny) => `(not ${conjunction(deny)})`),
    ])
  return [
    '(declare-const r String)',
    '(assert (>= (str.len r) 1))',
    ...domain.resource.inside.map((lang) => `(assert ${inLang('r', lang)})`),
    ...[...kinds].flatMap(([key, kind]) => keyWords(key, kind, domain.keyFacts(key))),
    `(assert ${allowed({ ways: [[[allow], ...layers]], denies })})`,
    `(assert (not ${allowed(old)}))`,
  ]
}
