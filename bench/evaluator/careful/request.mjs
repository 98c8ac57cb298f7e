// The request at hand: who asks, and which values its context keys have. Keys have numbers, and their values a slot each
// that counts only with the request's stamp, so that nothing is cleared or allocated between two requests.

/** What follows from who asks, in lower case. */
export function derivedKeys(principal) {
  const [, , , , account, resource] = principal.split(':')
  const [kind, name] = resource.split('/')
  const isUser = kind === 'user'
  return [
    ['aws:principaltype', isUser ? 'User' : 'AssumedRole'],
    ['aws:principalisawsservice', 'false'],
    ['aws:principalaccount', account],
    ['aws:principalarn', isUser ? principal : `arn:aws:iam::${account}:role/${name}`],
    ...(isUser ? [['aws:username', resource.slice(resource.lastIndexOf('/') + 1)]] : []),
  ]
}

export class RequestContext {
  #keys
  #spellings = new Map()
  #stamp = 0
  #stamps
  #values
  #ownerKey
  #isRead = false
  /** Lists of keys and their values; or what a plain request brings. */
  #principal = null
  #tags = null
  #given = null
  #map = null
  #owner = null

  constructor(keys) {
    this.#keys = keys
    this.#stamps = new Int32Array(keys.size)
    this.#values = new Array(keys.size).fill(null)
    this.#ownerKey = keys.get('aws:resourceaccount') ?? -1
  }

  /** Keys that some policy asks for, from one map; those with other names are left out. */
  listOf(entries) {
    const known = [...entries].flatMap(([key, values]) => {
      const number = this.#numberOf(key)
      return number === -1 ? [] : [[number, values]]
    })
    return {
      numbers: Int32Array.from(known, ([number]) => number),
      values: known.map(([, values]) => values),
    }
  }

  #numberOf(key) {
    let number = this.#spellings.get(key)
    if (number === undefined) {
      number = this.#keys.get(key.toLowerCase()) ?? -1
      this.#spellings.set(key, number)
    }
    return number
  }

  open(principal, tags, given, map, owner) {
    this.#principal = principal
    this.#tags = tags
    this.#given = given
    this.#map = map
    this.#owner = owner
    this.#isRead = false
  }

  /** null: the request hasn't got the key. */
  valuesOf(key) {
    if (!this.#isRead) this.#read()
    return this.#stamps[key] === this.#stamp ? this.#values[key] : null
  }

  variableOf = (key) => {
    const values = this.valuesOf(key)
    return values !== null && values.length === 1 ? values[0] : null
  }

  #read() {
    this.#isRead = true
    this.#stamp++
    if (this.#principal !== null) this.#take(this.#principal)
    if (this.#ownerKey !== -1 && this.#owner !== null) this.#set(this.#ownerKey, [this.#owner])
    if (this.#tags !== null) this.#take(this.#tags)
    if (this.#given !== null) this.#take(this.#given)
    if (this.#map === null) return
    for (const [key, values] of this.#map) {
      const number = this.#numberOf(key)
      if (number !== -1) this.#set(number, values)
    }
  }

  #take({ numbers, values }) {
    for (let place = 0; place < numbers.length; place++) this.#set(numbers[place], values[place])
  }

  #set(number, values) {
    this.#stamps[number] = this.#stamp
    this.#values[number] = values
  }
}
