// Who may do this, in plain JavaScript, in two phases: each distinct statement that takes the action in is evaluated once,
// as far as that doesn't depend on who asks, and tells its policies; then each principal gets what its policies say,
// united. Only where a statement that depends on the principal could change the answer is that principal decided alone.
import { ALLOW, CarefulEvaluator, ownerOf } from './evaluator.mjs'

const SAYS_ALLOW = 1
const SAYS_DENY = 2
const MAY_ALLOW = 4
const MAY_DENY = 8
const MIGHT_ALLOW = SAYS_ALLOW | MAY_ALLOW

export class CarefulCrowd {
  #evaluator
  #principals
  #keysOfPrincipals
  /** By statement, the policies that hold it; by policy, the principals whose identity it is part of. */
  #policiesOf
  #holdersOf
  #notes
  #candidates
  #ofAccount
  /** The policies of each principal's identity, one behind the other. */
  #memberStarts
  #members

  constructor(principals) {
    this.#evaluator = new CarefulEvaluator(principals)
    const { table } = this.#evaluator
    this.#principals = principals.map((principal) => this.#evaluator.compilePrincipal(principal))
    this.#keysOfPrincipals = new Uint8Array(table.keys.size)
    for (const { keys } of this.#principals) for (const key of keys.numbers) this.#keysOfPrincipals[key] = 1
    this.#policiesOf = table.statements.map(() => [])
    for (const [policy, statements] of table.policies.entries())
      for (const statement of statements) this.#policiesOf[statement].push(policy)
    this.#holdersOf = table.policies.map(() => [])
    for (const [number, { identity }] of this.#principals.entries())
      for (const policy of identity.members) this.#holdersOf[policy].push(number)
    this.#notes = new Uint8Array(table.policies.length)
    this.#candidates = new Uint8Array(principals.length)
    this.#ofAccount = this.#principals[0]?.account
    const lists = this.#principals.map(({ identity }) => [...identity.members])
    let start = 0
    this.#memberStarts = Int32Array.from([...lists, []], (list) => {
      start += list.length
      return start - list.length
    })
    this.#members = Int32Array.from(lists.flat())
  }

  /** Everybody's answer is put together from what their policies say. @returns numbers of principals, in order */
  whoCan(question) {
    const asked = this.#tellPolicies(question)
    const found = []
    for (let number = 0; number < this.#principals.length; number++)
      if (this.#mayDo(number, asked)) found.push(number)
    return found
  }

  /** The same, but only those are looked at who hold a policy that could allow it. */
  whoCanOfHolders(question) {
    const asked = this.#tellPolicies(question)
    const candidates = this.#candidates
    candidates.fill(0)
    for (let policy = 0; policy < this.#notes.length; policy++) {
      if ((this.#notes[policy] & MIGHT_ALLOW) === 0) continue
      for (const holder of this.#holdersOf[policy]) candidates[holder] = 1
    }
    const found = []
    for (let number = 0; number < candidates.length; number++)
      if (candidates[number] === 1 && this.#mayDo(number, asked)) found.push(number)
    return found
  }

  #tellPolicies({ action, resource, context }) {
    const { table, context: keys } = this.#evaluator
    const given = keys.listOf(context)
    const row = table.rowOf(action)
    const owner = ownerOf(resource)
    keys.open(null, null, given, null, owner ?? this.#ofAccount)
    this.#notes.fill(0)
    for (let place = 0; place < row.length; place++)
      for (let left = row[place]; left !== 0; left &= left - 1)
        this.#tell((place << 5) + 31 - Math.clz32(left & -left), resource)
    return { row, resource, given, isOwn: owner === null || owner === this.#ofAccount }
  }

  #tell(number, resource) {
    const said = this.#evaluator.outcomeWithoutPrincipal(number, resource, this.#keysOfPrincipals)
    if (said === false) return
    const { denies } = this.#evaluator.table.statements[number]
    const may = denies ? MAY_DENY : MAY_ALLOW
    const note = said === true ? (denies ? SAYS_DENY : SAYS_ALLOW) : may
    const policies = this.#policiesOf[number]
    for (let place = 0; place < policies.length; place++) this.#notes[policies[place]] |= note
  }

  #saidBy(members, from, to) {
    let said = 0
    for (let place = from; place < to; place++) said |= this.#notes[members[place]]
    return said
  }

  #mayDo(number, { row, resource, given, isOwn }) {
    const byIdentity = this.#saidBy(this.#members, this.#memberStarts[number], this.#memberStarts[number + 1])
    if ((byIdentity & MIGHT_ALLOW) === 0 || (byIdentity & SAYS_DENY) !== 0 || !isOwn) return false
    const principal = this.#principals[number]
    const { boundary } = principal
    const byBoundary =
      boundary === null ? SAYS_ALLOW : this.#saidBy(boundary.members, 0, boundary.members.length)
    if ((byBoundary & MIGHT_ALLOW) === 0 || (byBoundary & SAYS_DENY) !== 0) return false
    const said = byIdentity | byBoundary
    const isSure = (said & MAY_DENY) === 0 && (byIdentity & byBoundary & SAYS_ALLOW) !== 0
    return isSure || this.#evaluator.decideOne(principal, row, resource, given) === ALLOW
  }
}
