/** An element of a page, with its attributes decoded. */
export interface PageElement {
  readonly name: string
  readonly attributes: ReadonlyMap<string, string>
  readonly children: readonly (PageElement | string)[]
}

/** Elements of HTML that have no end. */
const VOID = new Set(['meta', 'input', 'br', 'hr', 'img', 'link'])
/** What stands in these is text, up to their own end. */
const RAW = new Set(['script', 'style'])
const ENTITIES: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', '#39': "'" }

/**
 * Reads a page, more strictly than a browser: every element is ended, attributes stand in double quotes and once, `<`, `>` and
 * `&` are nothing else than markup, and there are no comments.
 */
export function parsePage(text: string): PageElement {
  const start = '<!doctype html>\n'
  if (!text.startsWith(start)) throw new Error('it begins without <!doctype html>')
  let at = start.length
  const root: { name: string; attributes: Map<string, string>; children: (PageElement | string)[] } = {
    name: '#page',
    attributes: new Map(),
    children: [],
  }
  const open = [root]
  const wrong = (what: string): never => {
    throw new Error(`${what} at ${at}: ${JSON.stringify(text.slice(Math.max(0, at - 60), at + 60))}`)
  }
  const top = () => open.at(-1) ?? wrong('nothing is open')
  while (at < text.length) {
    const next = text.indexOf('<', at)
    const end = next === -1 ? text.length : next
    if (end > at) top().children.push(decoded(text.slice(at, end), wrong))
    at = end
    if (next === -1) break
    const closing = /^<\/([a-z][a-z0-9]*)>/i.exec(text.slice(at, at + 40))
    if (closing !== null) {
      const ended = open.pop()
      if (ended?.name !== closing[1]) wrong(`${ended?.name} is ended by ${closing[0]}`)
      at += closing[0].length
      continue
    }
    const opening = /<([a-zA-Z][a-zA-Z0-9]*)((?:\s+[a-zA-Z][\w:-]*(?:="[^"<>]*")?)*)\s*(\/?)>/y
    opening.lastIndex = at
    const found = opening.exec(text) ?? wrong('no tag')
    const [whole, name = '', attributes = '', isEmpty] = found
    const element = { name, attributes: new Map<string, string>(), children: [] }
    for (const [, key = '', value = ''] of attributes.matchAll(/([a-zA-Z][\w:-]*)(?:="([^"]*)")?/g)) {
      if (element.attributes.has(key)) wrong(`${key} stands twice`)
      element.attributes.set(key, decoded(value, wrong))
    }
    top().children.push(element)
    at += whole.length
    if (isEmpty === '/' || VOID.has(name)) continue
    open.push(element)
    if (!RAW.has(name)) continue
    const rawEnd = text.indexOf(`</${name}`, at)
    if (rawEnd === -1) wrong(`${name} has no end`)
    top().children.push(text.slice(at, rawEnd))
    at = rawEnd
  }
  if (open.length > 1) wrong(`${top().name} is not ended`)
  return root
}

function decoded(text: string, wrong: (what: string) => never): string {
  if (text.includes('>')) wrong('a bare >')
  return text.replace(/&(?:([a-z]+|#\d+);)?/g, (_, name) => ENTITIES[name] ?? wrong(`a bare & or ${name}`))
}

/** All elements, in the order of the page. */
export function elementsOf(element: PageElement): readonly PageElement[] {
  return element.children.flatMap((child) => (typeof child === 'string' ? [] : [child, ...elementsOf(child)]))
}

/** What is written in an element, with everything in it. */
export const textIn = (element: PageElement): string =>
  element.children.map((child) => (typeof child === 'string' ? child : textIn(child))).join('')
