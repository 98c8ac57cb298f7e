// Cedar's own WebAssembly, asked the matching part of W1. Each statement becomes a policy on two texts of the context, the
// action in lower case and the resource: lists of actions become sets, patterns `like`. That is all of IAM that Cedar can
// say in the same words; conditions, variables, and whose account a resource is stay out. The policy set is parsed once,
// before, and there are no entities, so that a call costs what Cedar's interface costs: request and answer cross as
// JavaScript objects.
import { createRequire } from 'node:module'
import { OTHER_ACCOUNT } from './own-policies.mjs'
import { matchingOnly } from './workloads.mjs'

const require = createRequire(new URL('../peers/package.json', import.meta.url))

/** @returns the module, or null: `npm ci --prefix bench/peers` was not run */
export function loadCedar() {
  try {
    return require('@cedar-policy/cedar-wasm/nodejs')
  } catch (error) {
    if (error.code === 'MODULE_NOT_FOUND') return null
    throw error
  }
}

/** The first requests about resources of the principal's own account. */
export function cedarPart(full, count) {
  const matching = matchingOnly(full)
  const isOwn = ({ request }) => !request.resource.includes(`:${OTHER_ACCOUNT}:`)
  return { ...matching, questions: matching.questions.filter(isOwn).slice(0, count) }
}

const text = (pattern) => {
  if (/[?\\]/.test(pattern)) throw new Error(`\`${pattern}\` has no like in Cedar`)
  return JSON.stringify(pattern)
}

const anyOf = (tests) => (tests.length === 0 ? 'false' : `(${tests.join(' || ')})`)

/** One of a list of texts and patterns. */
function among(attribute, { negated, entries }) {
  const exact = entries.filter((entry) => !entry.includes('*'))
  const likes = entries.filter((entry) => entry.includes('*'))
  const isListed = anyOf([
    ...(exact.length === 0 ? [] : [`[${exact.map(text).join(', ')}].contains(${attribute})`]),
    ...likes.map((pattern) => `${attribute} like ${text(pattern)}`),
  ])
  return negated ? `!${isListed}` : isListed
}

const policyOf = ({ effect, action, resource }) =>
  `${effect === 'Deny' ? 'forbid' : 'permit'} (principal, action, resource) when { ${among('context.action', {
    ...action,
    entries: action.entries.map((entry) => entry.toLowerCase()),
  })} && ${among('context.resource', resource)} };`

const PARSED = 'bench'

/** @returns decides a question of this workload: 0 allow, 1 explicit deny, 2 implicit deny */
export function cedarFor(cedar, { policies }) {
  const statements = policies.flatMap(({ policy }) => policy.statements)
  const parsed = cedar.preparsePolicySet(PARSED, { staticPolicies: statements.map(policyOf).join('\n') })
  if (parsed.type !== 'success') throw new Error(JSON.stringify(parsed.errors.slice(0, 3)))
  return ({ request }) => {
    const answer = cedar.statefulIsAuthorized({
      principal: { type: 'Principal', id: request.principal },
      action: { type: 'Action', id: 'call' },
      resource: { type: 'Resource', id: 'asked' },
      context: { action: request.action.toLowerCase(), resource: request.resource },
      preparsedPolicySetId: PARSED,
      entities: [],
    })
    if (answer.type !== 'success') throw new Error(JSON.stringify(answer.errors))
    const { decision, diagnostics } = answer.response
    if (decision === 'allow') return 0
    return diagnostics.reason.length > 0 ? 1 : 2
  }
}
