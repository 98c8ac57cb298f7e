// Policies as tables: equal statements once, a row of bits for each action that was asked for.
import { compileCondition } from './conditions.mjs'
import { ANY, actionPattern, matches, resourcePattern } from './patterns.mjs'

const serviceOf = (text) => {
  const service = text.slice(0, Math.max(0, text.indexOf(':'))).toLowerCase()
  return service.includes('*') ? '' : service
}

class Statement {
  constructor({ effect, action, resource, conditions }, variables, keyNumber) {
    const reading = { variables, keyNumber }
    this.denies = effect === 'Deny'
    this.notAction = action.negated
    this.actions = action.entries.map((text) => ({ service: serviceOf(text), pattern: actionPattern(text) }))
    this.notResource = resource?.negated ?? false
    this.resources = (resource?.entries ?? []).map((text) => resourcePattern(text, reading))
    this.conditions = conditions.map((condition) => compileCondition(condition, this.denies, reading))
    this.isPlain =
      this.conditions.length === 0 && !this.notResource && this.resources.some(({ kind }) => kind === ANY)
  }

  takesAction(action, service) {
    const listed = this.actions.some(
      (entry) => (entry.service === '' || entry.service === service) && matches(entry.pattern, action, null),
    )
    return listed !== this.notAction
  }
}

const setBit = (row, number) => {
  row[number >> 5] |= 1 << (number & 31)
}

export class PolicyTable {
  statements = []
  /** By number, for each policy: its statements' numbers. */
  policies = []
  keys = new Map()
  #numbers = new Map()
  #known = new Map()
  #rows = new Map()

  constructor(policies) {
    for (const { policy } of policies) this.#add(policy)
    this.width = (this.statements.length + 31) >> 5
    this.denyRow = new Int32Array(this.width)
    this.plainRow = new Int32Array(this.width)
    for (const [number, { denies, isPlain }] of this.statements.entries()) {
      if (denies) setBit(this.denyRow, number)
      if (isPlain) setBit(this.plainRow, number)
    }
  }

  keyNumber = (name) => {
    const key = name.toLowerCase()
    const number = this.keys.get(key) ?? this.keys.size
    this.keys.set(key, number)
    return number
  }

  #add(policy) {
    if (this.#numbers.has(policy)) return
    const variables = policy.version === '2012-10-17'
    const numbers = policy.statements.map((statement) => {
      const { effect, action, resource, conditions } = statement
      const identity = JSON.stringify([variables, effect, action, resource, conditions])
      const known = this.#known.get(identity)
      if (known !== undefined) return known
      const number = this.statements.push(new Statement(statement, variables, this.keyNumber)) - 1
      this.#known.set(identity, number)
      return number
    })
    this.#numbers.set(policy, this.policies.push(numbers) - 1)
  }

  policyNumber = ({ policy }) => this.#numbers.get(policy)

  /** The statements that take an action in. */
  rowOf(action) {
    const known = this.#rows.get(action)
    if (known !== undefined) return known
    const row = new Int32Array(this.width)
    const lower = action.toLowerCase()
    const service = serviceOf(lower)
    for (const [number, statement] of this.statements.entries())
      if (statement.takesAction(lower, service)) setBit(row, number)
    this.#rows.set(action, row)
    return row
  }

  /** The words of a row that have statements of these policies, and which bits of them. */
  groupOf(policies) {
    const row = new Int32Array(this.width)
    const members = policies.map(this.policyNumber)
    for (const member of members) for (const number of this.policies[member]) setBit(row, number)
    const places = [...row.keys()].filter((place) => row[place] !== 0)
    return {
      members: Int32Array.from(members),
      places: Int32Array.from(places),
      masks: Int32Array.from(places, (place) => row[place]),
    }
  }
}
