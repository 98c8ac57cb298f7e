// Patterns, compiled once: what most of them are (a star, a whole text, a beginning) is compared by one call of V8's own.

export const ANY = 0
const EXACT = 1
const PREFIX = 2
const GLOB = 3
/** Has variables: its parts are filled in for each request. */
export const TEMPLATE = 4

export const TEXT = 0
export const STAR = 1
export const ONE = 2
const STAR_IN_SEGMENT = 3
const ONE_IN_SEGMENT = 4
const VARIABLE = 5

class Part {
  constructor(kind, text, key) {
    this.kind = kind
    this.text = text
    this.key = key
  }
}

class Pattern {
  constructor(kind, text, parts) {
    this.kind = kind
    this.text = text
    this.parts = parts
    this.scratch = kind === TEMPLATE ? parts.map(({ text: own }) => new Part(TEXT, own, -1)) : null
  }
}

function readParts(source, { wildcards, variables, keyNumber }) {
  const parts = []
  const addText = (text) => {
    if (text === '') return
    const last = parts.at(-1)
    if (last?.kind === TEXT) last.text += text
    else parts.push(new Part(TEXT, text, -1))
  }
  const token = variables ? /\$\{([^}]*)\}|\*+|\?/g : /\*+|\?/g
  let from = 0
  for (const match of source.matchAll(token)) {
    addText(source.slice(from, match.index))
    from = match.index + match[0].length
    const [text, name] = match
    if (name === undefined && !wildcards) addText(text)
    else if (name === undefined) {
      if (text === '?') parts.push(new Part(ONE, '', -1))
      else if (parts.at(-1)?.kind !== STAR) parts.push(new Part(STAR, '', -1))
    } else if (name.length === 1) addText(name)
    else if (name.includes(',')) throw new Error(`\`${source}\`: this evaluator knows no defaults`)
    else parts.push(new Part(VARIABLE, '', keyNumber(name.trim())))
  }
  addText(source.slice(from))
  return parts
}

/** Wildcards before the fifth colon stay in their segment, unless (`crossing`) a star ends it. */
function keepInSegments(parts, crossing) {
  let colons = 0
  for (const [place, part] of parts.entries()) {
    if (part.kind === TEXT) colons += part.text.split(':').length - 1
    if (colons >= 5) return true
    const next = parts[place + 1]
    const ends = next === undefined || (next.kind === TEXT && next.text.startsWith(':'))
    if (part.kind === ONE) part.kind = ONE_IN_SEGMENT
    if (part.kind === STAR && !(crossing && ends)) part.kind = STAR_IN_SEGMENT
  }
  return colons >= 5
}

function patternOf(parts) {
  const [first, second] = parts
  if (parts.some(({ kind }) => kind === VARIABLE)) return new Pattern(TEMPLATE, '', parts)
  if (first === undefined) return new Pattern(EXACT, '', parts)
  if (parts.length === 1 && first.kind === STAR) return new Pattern(ANY, '', parts)
  if (parts.length === 1 && first.kind === TEXT) return new Pattern(EXACT, first.text, parts)
  if (parts.length === 2 && first.kind === TEXT && second.kind === STAR)
    return new Pattern(PREFIX, first.text, parts)
  return new Pattern(GLOB, '', parts)
}

export function actionPattern(text) {
  const lower = text.toLowerCase()
  return patternOf(readParts(lower === '*:*' ? '*' : lower, { wildcards: true, variables: false }))
}

export function resourcePattern(text, reading) {
  const parts = readParts(text, { ...reading, wildcards: true })
  if (!keepInSegments(parts, true) && text.startsWith('arn:'))
    throw new Error(`\`${text}\`: this evaluator knows no incomplete ARNs`)
  return patternOf(parts)
}

export const textPattern = (text, reading) => patternOf(readParts(text, reading))

/** Of a condition on ARNs. */
export function arnPattern(text, reading) {
  const parts = readParts(text, { ...reading, wildcards: true })
  keepInSegments(parts, false)
  return patternOf(parts)
}

/** @param variableOf the value of a variable by its key's number, or null */
export function matches(pattern, text, variableOf) {
  switch (pattern.kind) {
    case ANY:
      return true
    case EXACT:
      return pattern.text === text
    case PREFIX:
      return text.startsWith(pattern.text)
    case GLOB:
      return matchParts(pattern.parts, text)
    default:
      return fill(pattern, variableOf) && matchParts(pattern.scratch, text)
  }
}

function fill({ parts, scratch }, variableOf) {
  for (let place = 0; place < parts.length; place++) {
    const { kind, text, key } = parts[place]
    const value = kind === VARIABLE ? variableOf(key) : text
    if (value === null) return false
    scratch[place].kind = kind === VARIABLE ? TEXT : kind
    scratch[place].text = value
  }
  return true
}

const COLON = 0x3a
const lengthAt = (text, at) => (text.codePointAt(at) > 0xffff ? 2 : 1)

/** Goes back to the last star only: what stood before it was matched as early as possible. */
function matchParts(parts, text) {
  let place = 0
  let at = 0
  let star = -1
  let starAt = 0
  let segment = -1
  let segmentAt = 0
  for (;;) {
    let advances = false
    if (place < parts.length) {
      const part = parts[place]
      switch (part.kind) {
        case TEXT:
          if (text.startsWith(part.text, at)) {
            at += part.text.length
            advances = true
          }
          break
        case STAR: {
          star = place + 1
          segment = -1
          if (star === parts.length) return true
          const next = parts[star]
          if (next.kind === TEXT) {
            if (star + 1 === parts.length)
              return text.length - at >= next.text.length && text.endsWith(next.text)
            at = text.indexOf(next.text, at)
            if (at === -1) return false
          }
          starAt = at
          advances = true
          break
        }
        case STAR_IN_SEGMENT:
          segment = place + 1
          segmentAt = at
          advances = true
          break
        default:
          if (at < text.length && (part.kind === ONE || text.charCodeAt(at) !== COLON)) {
            at += lengthAt(text, at)
            advances = true
          }
      }
      if (advances) {
        place++
        continue
      }
    } else if (at === text.length) return true
    if (segment !== -1 && segmentAt < text.length && text.charCodeAt(segmentAt) !== COLON) {
      place = segment
      at = ++segmentAt
    } else if (star !== -1 && starAt < text.length) {
      segment = -1
      place = star
      const next = parts[star]
      at = next.kind === TEXT ? text.indexOf(next.text, starAt + 1) : starAt + lengthAt(text, starAt)
      if (at === -1) return false
      starAt = at
    } else return false
  }
}
