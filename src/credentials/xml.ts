/** An element of XML, by its namespace and its name there. */
export interface XmlElement {
  /** Empty: it is in none. */
  readonly namespace: string
  readonly name: string
  /** Those in no namespace, by name. */
  readonly attributes: ReadonlyMap<string, string>
  readonly children: readonly XmlElement[]
  /** All text that stands in it directly. */
  readonly text: string
}

/** Why a text isn't read. */
interface XmlProblem {
  readonly problem: string
}

interface Open {
  readonly written: string
  readonly element: XmlElement & { readonly children: XmlElement[] }
  readonly prefixes: ReadonlyMap<string, string>
  readonly texts: string[]
}

/** Levels, and elements in all: more than any metadata has. */
const BOUNDS = { depth: 64, elements: 20_000 } as const

const NO_PREFIXES: ReadonlyMap<string, string> = new Map([
  ['', ''],
  ['xml', 'http://www.w3.org/XML/1998/namespace'],
])

const NAME = /[A-Za-z_][\w.-]*(?::[A-Za-z_][\w.-]*)?/y
const SPACE = /[ \t\r\n]*/y
const NAMED: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" }

/**
 * Reads XML as metadata of SAML is made of it: elements, attributes, text, comments, CDATA and one declaration. A DOCTYPE is
 * refused before anything else is looked at, and so is every entity but the five that XML has by itself: nothing is expanded or
 * fetched. Reads each character once. Names are of ASCII.
 */
export function readXml(text: string): XmlElement | XmlProblem {
  if (/<!DOCTYPE/i.test(text)) return { problem: 'it has a DOCTYPE, which is not read' }
  try {
    return new XmlReading(text).document()
  } catch (error) {
    if (error instanceof Malformed) return { problem: error.message }
    throw error
  }
}

/** Ends a reading; never leaves this file. */
class Malformed extends Error {}

class XmlReading {
  readonly #text: string
  #at = 0
  #elements = 0
  readonly #open: Open[] = []
  #root: XmlElement | null = null

  constructor(text: string) {
    this.#text = text.startsWith('\ufeff') ? text.slice(1) : text
  }

  document(): XmlElement {
    if (/^<\?xml[ \t\r\n]/.test(this.#text)) this.#at = this.#end('?>', 'declaration')
    while (this.#at < this.#text.length) this.#next()
    const top = this.#open.at(-1)
    if (top !== undefined) throw new Malformed(`\`<${top.written}>\` is not closed`)
    if (this.#root === null) throw new Malformed('it has no element')
    return this.#root
  }

  #next(): void {
    const text = this.#text
    if (text[this.#at] !== '<') this.#takeText()
    else if (text.startsWith('<!--', this.#at)) this.#at = this.#end('-->', 'comment')
    else if (text.startsWith('<![CDATA[', this.#at)) {
      const end = this.#end(']]>', 'CDATA section')
      this.#addText(text.slice(this.#at + '<![CDATA['.length, end - ']]>'.length))
      this.#at = end
    } else if (text.startsWith('</', this.#at)) this.#close()
    else if (/[!?]/.test(text[this.#at + 1] ?? ''))
      throw new Malformed('it has a declaration or an instruction, which is not read')
    else this.#openElement()
  }

  #takeText(): void {
    const end = this.#text.indexOf('<', this.#at)
    const until = end === -1 ? this.#text.length : end
    this.#addText(decoded(this.#text.slice(this.#at, until)))
    this.#at = until
  }

  #addText(text: string): void {
    const top = this.#open.at(-1)
    if (top !== undefined) top.texts.push(text)
    else if (text.trim() !== '') throw new Malformed('text stands outside of its element')
  }

  #openElement(): void {
    this.#at++
    const written = this.#take(NAME, 'the name of an element')
    const attributes = new Map<string, string>()
    let isEmpty = false
    for (;;) {
      const hadSpace = this.#take(SPACE, '') !== ''
      if (this.#skip('/>')) {
        isEmpty = true
        break
      }
      if (this.#skip('>')) break
      if (!hadSpace) throw new Malformed(`\`<${written}>\` is malformed`)
      const name = this.#take(NAME, `an attribute of \`<${written}>\``)
      if (attributes.has(name)) throw new Malformed(`\`<${written}>\` has \`${name}\` twice`)
      attributes.set(name, this.#attributeValue(written))
    }
    this.#begin(written, attributes)
    if (isEmpty) this.#finish()
  }

  #attributeValue(of: string): string {
    this.#take(SPACE, '')
    if (!this.#skip('=')) throw new Malformed(`\`<${of}>\` has an attribute without a value`)
    this.#take(SPACE, '')
    const quote = this.#text[this.#at]
    if (quote !== '"' && quote !== "'") throw new Malformed(`a value of \`<${of}>\` is not quoted`)
    const end = this.#text.indexOf(quote, this.#at + 1)
    const value = this.#text.slice(this.#at + 1, end)
    if (end === -1 || value.includes('<')) throw new Malformed(`a value of \`<${of}>\` does not end`)
    this.#at = end + 1
    return decoded(value)
  }

  #begin(written: string, all: ReadonlyMap<string, string>): void {
    if (++this.#elements > BOUNDS.elements || this.#open.length >= BOUNDS.depth)
      throw new Malformed('it has more elements, or deeper ones, than metadata has')
    const parent = this.#open.at(-1)
    if (parent === undefined && this.#root !== null) throw new Malformed('it has a second element at its top')
    const prefixes = prefixesIn(all, parent?.prefixes ?? NO_PREFIXES)
    const [prefix, name] = partsOf(written)
    const namespace = prefixes.get(prefix)
    if (namespace === undefined) throw new Malformed(`the prefix of \`<${written}>\` is not declared`)
    const attributes = new Map([...all].filter(([key]) => !key.includes(':') && key !== 'xmlns'))
    const element = { namespace, name, attributes, children: [], text: '' }
    this.#open.push({ written, element, prefixes, texts: [] })
  }

  #close(): void {
    this.#at += 2
    const written = this.#take(NAME, 'the name of an element that ends')
    this.#take(SPACE, '')
    if (!this.#skip('>') || this.#open.at(-1)?.written !== written)
      throw new Malformed(`\`</${written}>\` closes nothing`)
    this.#finish()
  }

  #finish(): void {
    const done = this.#open.pop()
    if (done === undefined) return
    const element = { ...done.element, text: done.texts.join('') }
    const parent = this.#open.at(-1)
    if (parent === undefined) this.#root = element
    else parent.element.children.push(element)
  }

  #take(pattern: RegExp, what: string): string {
    pattern.lastIndex = this.#at
    const found = pattern.exec(this.#text)?.[0]
    if (found === undefined) throw new Malformed(`${what} is missing or malformed`)
    this.#at += found.length
    return found
  }

  #skip(text: string): boolean {
    if (!this.#text.startsWith(text, this.#at)) return false
    this.#at += text.length
    return true
  }

  /** Where something ends that begins here. */
  #end(mark: string, what: string): number {
    const end = this.#text.indexOf(mark, this.#at)
    if (end === -1) throw new Malformed(`a ${what} does not end`)
    return end + mark.length
  }
}

const partsOf = (written: string): readonly [prefix: string, name: string] => {
  const colon = written.indexOf(':')
  return colon === -1 ? ['', written] : [written.slice(0, colon), written.slice(colon + 1)]
}

function prefixesIn(
  attributes: ReadonlyMap<string, string>,
  above: ReadonlyMap<string, string>,
): ReadonlyMap<string, string> {
  const declared = [...attributes].flatMap(([key, value]): readonly (readonly [string, string])[] =>
    key === 'xmlns' ? [['', value]] : key.startsWith('xmlns:') ? [[key.slice('xmlns:'.length), value]] : [],
  )
  return declared.length === 0 ? above : new Map([...above, ...declared])
}

function decoded(text: string): string {
  if (!text.includes('&')) return text
  return text.replace(/&([^;&]{0,12};?)/g, (_, written: string) => {
    const name = written.slice(0, -1)
    const known = written.endsWith(';') && Object.hasOwn(NAMED, name) ? NAMED[name] : undefined
    if (known !== undefined) return known
    const [, hex, decimal] = /^#(?:x([0-9A-Fa-f]{1,6})|(\d{1,7}));$/.exec(written) ?? []
    const code = hex === undefined ? Number(decimal ?? Number.NaN) : Number.parseInt(hex, 16)
    if (!(code > 0 && code <= 0x10ffff)) throw new Malformed('it has an entity that is not read')
    return String.fromCodePoint(code)
  })
}
