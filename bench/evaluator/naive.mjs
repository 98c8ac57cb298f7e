// The naive evaluator: documents as they are, read anew for each request, patterns as regular expressions that are built
// once. It shares nothing with the others, so that it tells when all of them are wrong alike.
const ALLOW = 0
const EXPLICIT_DENY = 1
const IMPLICIT_DENY = 2

const listOf = (value) => (value === undefined ? [] : [value].flat())

/** How patterns are read, with the regular expressions of those that have no variables. */
const reading = (flags, wildcards, inSegments) => ({ flags, wildcards, inSegments, built: new Map() })
const GLOB = reading('s', true, false)
const LITERAL = reading('s', false, false)
const IN_SEGMENTS = reading('s', true, true)
const ACTION = reading('is', true, false)

function globMatches(pattern, text, context, as) {
  let regex = as.built.get(pattern)
  if (regex === undefined) {
    const source = sourceOf(pattern, context, as)
    if (source === null) return false
    regex = new RegExp(`^${source}$`, as.flags)
    if (!pattern.includes('${')) as.built.set(pattern, regex)
  }
  return regex.test(text)
}

const escaped = (text) => text.replace(/[\\^$.+()[\]{}|*?]/g, '\\$&')

/** The text of a regular expression, or null: a variable has no value. */
function sourceOf(pattern, context, { wildcards, inSegments }) {
  let colons = 0
  let source = ''
  for (const [part] of pattern.matchAll(/\$\{[^}]*\}|\*|\?|[^*?$]+|\$/g)) {
    if (part.startsWith('${')) {
      const values = context.get(part.slice(2, -1).trim().toLowerCase())
      if (values?.length !== 1) return null
      source += escaped(values[0])
    } else if (wildcards && (part === '*' || part === '?')) {
      const one = inSegments && colons < 5 ? '[^:]' : '.'
      source += part === '*' ? `${one}*` : one
    } else {
      colons += part.split(':').length - 1
      source += escaped(part)
    }
  }
  return source
}

const bitsOf = (address) => address.split('.').reduce((bits, part) => bits * 256 + Number(part), 0)

function isInRange(address, range) {
  const [base, length = '32'] = range.split('/')
  const size = 2 ** (32 - Number(length))
  return Math.floor(bitsOf(address) / size) === Math.floor(bitsOf(base) / size)
}

const COMPARISONS = {
  Equals: (a, b) => a === b,
  LessThan: (a, b) => a < b,
  LessThanEquals: (a, b) => a <= b,
  GreaterThan: (a, b) => a > b,
  GreaterThanEquals: (a, b) => a >= b,
}

function takes(operator, wanted, given, context) {
  const [, family, order] = /^(Numeric|Date)(.*)$/.exec(operator) ?? []
  if (family !== undefined) {
    const parse = family === 'Date' ? Date.parse : Number
    return COMPARISONS[order](parse(given), parse(wanted))
  }
  switch (operator) {
    case 'StringEquals':
      return globMatches(wanted, given, context, LITERAL)
    case 'StringLike':
      return globMatches(wanted, given, context, GLOB)
    case 'StringEqualsIgnoreCase':
    case 'Bool':
      return wanted.toLowerCase() === given.toLowerCase()
    case 'ArnEquals':
    case 'ArnLike':
      return /^arn:(?:[^:]*:){4}/.test(given) && globMatches(wanted, given, context, IN_SEGMENTS)
    case 'IpAddress':
      return isInRange(given, wanted)
    default:
      throw new Error(`no operator of the workloads: ${operator}`)
  }
}

function conditionHolds(spelling, key, wanted, context, denies) {
  const [, set, name, ifExists] = /^(?:(For\w+):)?(\w+?)(IfExists)?$/.exec(spelling)
  const given = context.get(key.toLowerCase())
  const isVoid = given === undefined || given.length === 0 || (given.length === 1 && given[0] === '')
  if (name === 'Null') return set === undefined ? wanted.includes(String(isVoid)) : set === 'ForAllValues'
  const operator = name.replace('Not', '')
  const negated = operator !== name
  const passes = (value) => wanted.some((one) => takes(operator, one, value, context)) !== negated
  if (set === 'ForAllValues') return isVoid || given.every(passes)
  // With `IfExists` it finds nothing in an Allow; of a Deny that is not documented.
  if (set === 'ForAnyValue') return isVoid ? ifExists !== undefined && denies : given.some(passes)
  if (given === undefined) return ifExists !== undefined || negated
  if (given.length > 1) return denies
  return given.length === 0 ? negated : passes(given[0])
}

const conditionsHold = ({ Condition = {}, Effect }, context) =>
  Object.entries(Condition).every(([operator, keys]) =>
    Object.entries(keys).every(([key, values]) =>
      conditionHolds(operator, key, listOf(values).map(String), context, Effect === 'Deny'),
    ),
  )

function resourceMatches(statement, resource, context) {
  const listed = listOf(statement.Resource ?? statement.NotResource).some((entry) =>
    resource === '*' ? /^\*+$/.test(entry) : globMatches(entry, resource, context, GLOB),
  )
  return listed === (statement.Resource !== undefined)
}

function actionMatches(statement, action) {
  const listed = listOf(statement.Action ?? statement.NotAction).some((entry) =>
    globMatches(entry, action, null, ACTION),
  )
  return listed === (statement.Action !== undefined)
}

function saidBy(policies, { action, resource }, context) {
  const said = { allows: false, denies: false }
  for (const { document } of policies)
    for (const statement of listOf(document.Statement)) {
      if (!actionMatches(statement, action) || !resourceMatches(statement, resource, context)) continue
      if (!conditionsHold(statement, context)) continue
      said[statement.Effect === 'Deny' ? 'denies' : 'allows'] = true
    }
  return said
}

/** What follows from who asks and what is asked about, and what is given. Keys in lower case. */
function contextOf({ principal, context }, account, owner) {
  const [kind, ...path] = principal.split(':')[5].split('/')
  const isUser = kind === 'user'
  const keys = new Map([
    ['aws:principaltype', [isUser ? 'User' : 'AssumedRole']],
    ['aws:principalisawsservice', ['false']],
    ['aws:principalaccount', [account]],
    ['aws:principalarn', [isUser ? principal : `arn:aws:iam::${account}:role/${path[0]}`]],
    ['aws:resourceaccount', [owner]],
  ])
  if (isUser) keys.set('aws:username', [path.at(-1)])
  for (const [key, values] of context) keys.set(key.toLowerCase(), values)
  return keys
}

export function decideNaively({ request, layers: { identity, boundary } }) {
  const account = request.principal.split(':')[4]
  const named = request.resource.split(':')[4] ?? ''
  const owner = /^\d{12}$/.test(named) ? named : account
  const context = contextOf(request, account, owner)
  const byIdentity = saidBy(identity, request, context)
  const byBoundary =
    boundary === undefined ? { allows: true, denies: false } : saidBy(boundary, request, context)
  if (byIdentity.denies || byBoundary.denies) return EXPLICIT_DENY
  return byIdentity.allows && byBoundary.allows && owner === account ? ALLOW : IMPLICIT_DENY
}
