// The honest competitor: what a careful programmer would write in plain JavaScript. Actions are interned, each with a row
// of bits over a table of distinct statements; a principal is a list of words of such rows; patterns and conditions are
// compiled, nothing is a regular expression, and a request allocates nothing. It knows what the workloads need: identity
// policies and boundaries of users and of roles' sessions.
import { conditionHolds } from './conditions.mjs'
import { ANY, matches, TEMPLATE } from './patterns.mjs'
import { PolicyTable } from './policies.mjs'
import { derivedKeys, RequestContext } from './request.mjs'

export const ALLOW = 0
const EXPLICIT_DENY = 1
const IMPLICIT_DENY = 2

const SAYS_NOTHING = 0
const SAYS_ALLOW = 1
const SAYS_DENY = 2

export class CarefulEvaluator {
  #table
  #context
  #byLayers = new Map()
  #lastLayers = null
  #lastPrincipal = null

  /** @param principals whose layers are all that requests come under */
  constructor(principals) {
    const layers = principals.map((each) => each.layers)
    this.#table = new PolicyTable(layers.flatMap(({ identity, boundary = [] }) => [...identity, ...boundary]))
    this.#context = new RequestContext(this.#table.keys)
  }

  get table() {
    return this.#table
  }

  get context() {
    return this.#context
  }

  compilePrincipal({ principal, layers, context = new Map() }) {
    const derived = derivedKeys(principal).map(([key, value]) => [key, [value]])
    return {
      account: principal.split(':')[4],
      identity: this.#table.groupOf(layers.identity),
      boundary: layers.boundary === undefined ? null : this.#table.groupOf(layers.boundary),
      keys: this.#context.listOf([...derived, ...context]),
    }
  }

  /** Plain questions. @returns decisions as numbers */
  decideMany(questions) {
    const decisions = new Uint8Array(questions.length)
    for (let place = 0; place < questions.length; place++) decisions[place] = this.decide(questions[place])
    return decisions
  }

  decide({ layers, request }) {
    const principal =
      layers === this.#lastLayers ? this.#lastPrincipal : this.#find(layers, request.principal)
    return this.#decide(
      principal,
      this.#table.rowOf(request.action),
      request.resource,
      null,
      null,
      request.context,
    )
  }

  /** In the workloads, layers belong to one principal each. */
  #find(layers, principal) {
    let found = this.#byLayers.get(layers)
    if (found === undefined) {
      found = this.compilePrincipal({ principal, layers })
      this.#byLayers.set(layers, found)
    }
    this.#lastLayers = layers
    this.#lastPrincipal = found
    return found
  }

  /** The same by number: everything that repeats was compiled before. */
  register({ principals, actions, contexts, tagSets }) {
    return {
      principals: principals.map((principal) => this.compilePrincipal(principal)),
      actions: actions.map((action) => this.#table.rowOf(action)),
      contexts: contexts.map((context) => this.#context.listOf(context)),
      tagSets: tagSets.map((tags) => this.#context.listOf(tags)),
    }
  }

  decideRegistered(registered, { principals, actions, resources, contexts, tags }) {
    const decisions = new Uint8Array(resources.length)
    for (let place = 0; place < resources.length; place++)
      decisions[place] = this.#decide(
        registered.principals[principals[place]],
        registered.actions[actions[place]],
        resources[place],
        registered.tagSets[tags[place]],
        registered.contexts[contexts[place]],
        null,
      )
    return decisions
  }

  /** One request, all of it compiled before. */
  decideOne(principal, row, resource, given) {
    return this.#decide(principal, row, resource, null, given, null)
  }

  /**
   * Whether a statement holds for the resource and context at hand, whoever asks.
   * @param keysOfPrincipals 1 for each key that some principal has
   * @returns null: that depends on who asks
   */
  outcomeWithoutPrincipal(number, resource, keysOfPrincipals) {
    const statement = this.#table.statements[number]
    const isOpen = (key) => keysOfPrincipals[key] === 1 && this.#context.valuesOf(key) === null
    const needs = statement.resources.some(
      ({ kind, parts }) => kind === TEMPLATE && parts.some(({ key }) => key >= 0 && isOpen(key)),
    )
    if (!needs && !resourceMatches(statement, resource, this.#context.variableOf)) return false
    let isSure = !needs
    for (const condition of statement.conditions) {
      if (isOpen(condition.key) || condition.variables.some(isOpen)) isSure = false
      else if (!conditionHolds(condition, this.#context.valuesOf(condition.key), this.#context.variableOf))
        return false
    }
    return isSure ? true : null
  }

  #decide(principal, row, resource, tags, given, map) {
    const owner = ownerOf(resource) ?? principal.account
    this.#context.open(principal.keys, tags, given, map, owner)
    const byIdentity = this.#saidBy(principal.identity, row, resource)
    if (byIdentity === SAYS_DENY) return EXPLICIT_DENY
    let allows = byIdentity === SAYS_ALLOW && owner === principal.account
    if (principal.boundary !== null) {
      const byBoundary = this.#saidBy(principal.boundary, row, resource)
      if (byBoundary === SAYS_DENY) return EXPLICIT_DENY
      if (byBoundary !== SAYS_ALLOW) allows = false
    }
    return allows ? ALLOW : IMPLICIT_DENY
  }

  #saidBy({ places, masks }, row, resource) {
    const { denyRow, plainRow } = this.#table
    let said = SAYS_NOTHING
    for (let index = 0; index < places.length; index++) {
      const place = places[index]
      const candidates = row[place] & masks[index]
      if (candidates === 0) continue
      const first = place << 5
      let denies = candidates & denyRow[place]
      for (; denies !== 0; denies &= denies - 1)
        if (this.#holds(first + 31 - Math.clz32(denies & -denies), resource)) return SAYS_DENY
      // Once something allows, only denies matter.
      if (said === SAYS_ALLOW) continue
      let rest = candidates & ~denyRow[place]
      if ((rest & plainRow[place]) !== 0) {
        said = SAYS_ALLOW
        continue
      }
      for (; rest !== 0; rest &= rest - 1)
        if (this.#holds(first + 31 - Math.clz32(rest & -rest), resource)) {
          said = SAYS_ALLOW
          break
        }
    }
    return said
  }

  #holds(number, resource) {
    const statement = this.#table.statements[number]
    if (!resourceMatches(statement, resource, this.#context.variableOf)) return false
    const { conditions } = statement
    for (let place = 0; place < conditions.length; place++) {
      const condition = conditions[place]
      if (!conditionHolds(condition, this.#context.valuesOf(condition.key), this.#context.variableOf))
        return false
    }
    return true
  }
}

function resourceMatches({ resources, notResource }, resource, variableOf) {
  const isAny = resource === '*'
  for (let place = 0; place < resources.length; place++) {
    const pattern = resources[place]
    if (isAny ? pattern.kind === ANY : matches(pattern, resource, variableOf)) return !notResource
  }
  return notResource
}

/** The account that an ARN names, or null. */
export function ownerOf(resource) {
  let from = 0
  for (let colons = 0; colons < 4; colons++) {
    from = resource.indexOf(':', from) + 1
    if (from === 0) return null
  }
  return resource.charCodeAt(from + 12) === 0x3a && resource.charCodeAt(from) !== 0x3a
    ? resource.slice(from, from + 12)
    : null
}
