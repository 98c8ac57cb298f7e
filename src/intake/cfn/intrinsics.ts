import { type Located, plainOf, type Span, spanOf } from '../../diagnostics/index.ts'
import { findInMap } from './mappings.ts'
import type { ParameterValues } from './parameters.ts'
import { type Resolved, type ResolvedMap, scalarText, textFrom, unknownAt, unknownIn } from './resolved.ts'
import { LANGUAGE_EXTENSIONS, type Template } from './template.ts'

/** What names of resources and pseudo parameters stand for. */
export interface NamesInStack {
  /** What `Ref` of a resource, or of a pseudo parameter, is. null: there is none of that name. */
  readonly ref: (name: string, at: Located) => Resolved | null
  /** Whether nobody said what a pseudo parameter is, and AWS's example stands for it. */
  readonly isAssumed: (name: string) => boolean
  /** What `Fn::GetAtt` of a resource is. */
  readonly attribute: (id: string, attribute: string, at: Located) => Resolved
}

/** Texts that grow without bound are no names. */
const MOST_CHARACTERS = 100_000
/** Characters that one template may come to, whatever its functions multiply: a template has a million at most. */
const MOST_MADE = 20_000_000
/** What an item of a list takes, in characters. */
const ITEM = 100
/** How many names may lead to each other: deeper than any template, and what recursion bears. */
const MOST_STEPS = 150

const NO_VALUE = 'AWS::NoValue'

/**
 * Carries out the intrinsic functions of a template.
 * @see AWS CloudFormation Template Reference, "Intrinsic functions"
 */
export class Intrinsics {
  readonly #template: Template
  readonly #parameters: ParameterValues
  readonly #names: NamesInStack
  readonly #conditions = new Map<string, boolean | null>()
  readonly #open = new Set<string>()
  #steps = 0
  #made = 0
  /** Nothing is decided by what is only assumed. */
  #deciding = 0

  constructor(template: Template, parameters: ParameterValues, names: NamesInStack) {
    this.#template = template
    this.#parameters = parameters
    this.#names = names
  }

  /** @returns null: nothing is there, which `AWS::NoValue` says */
  resolve(node: Located): Resolved | null {
    if (++this.#steps > MOST_STEPS) {
      this.#steps--
      return this.#unknown(node, 'names that lead to each other')
    }
    try {
      return this.#resolved(node)
    } finally {
      this.#steps--
    }
  }

  /** Whether a condition holds. null: it isn't known, or there is none of that name. */
  condition(name: string): boolean | null {
    const known = this.#conditions.get(name)
    if (known !== undefined) return known
    const node = this.#template.conditions.get(name)
    // One that hangs on itself is none that CloudFormation takes.
    if (node === undefined || this.#open.has(name)) return null
    this.#open.add(name)
    const holds = this.#truth(node)
    this.#open.delete(name)
    this.#conditions.set(name, holds)
    return holds
  }

  #resolved(node: Located): Resolved | null {
    if (node.kind === 'scalar')
      return isDynamic(node.value) ? this.#unknown(node, 'a dynamic reference') : node
    if (node.kind === 'list')
      return { kind: 'list', items: node.items.flatMap((each) => this.resolve(each) ?? []), ...spanOf(node) }
    const [only, another] = node.entries
    if (only !== undefined && another === undefined && /^(?:Ref$|Fn::)/.test(only.key))
      return this.#call(only.key, only.value, node)
    // A function beside other keys is a macro, a loop, or nothing that CloudFormation takes.
    const macro = node.entries.find(({ key }) => key.startsWith('Fn::'))
    if (macro !== undefined) return this.#unknown(node, `\`${macro.key.slice(0, 40)}\``)
    return {
      kind: 'map',
      entries: node.entries.flatMap(({ key, keySpan, value }) => {
        const resolved = this.resolve(value)
        return resolved === null ? [] : [{ key, keySpan, value: resolved }]
      }),
      ...spanOf(node),
    } satisfies ResolvedMap
  }

  #call(name: string, argument: Located, node: Located): Resolved | null {
    switch (name) {
      case 'Ref':
        return this.#ref(argument, node)
      case 'Fn::GetAtt':
        return this.#getAtt(argument, node)
      case 'Fn::Sub':
        return this.#sub(argument, node)
      case 'Fn::Join':
        return this.#join(argument, node)
      case 'Fn::If':
        return this.#if(argument, node)
      case 'Fn::Select':
        return this.#select(argument, node)
      case 'Fn::Split':
        return this.#split(argument, node)
      case 'Fn::FindInMap':
        return this.#findInMap(argument, node)
      case 'Fn::Base64': {
        const text = scalarText(this.resolve(argument))
        return text === null ? this.#unknown(node, '`Fn::Base64`') : textFrom(node, base64(text))
      }
      case 'Fn::Length':
        return this.#extends ? this.#length(argument, node) : this.#unknown(node, '`Fn::Length`')
      case 'Fn::ToJsonString':
        return this.#extends ? this.#jsonText(argument, node) : this.#unknown(node, '`Fn::ToJsonString`')
      default:
        return this.#unknown(node, `\`${name.slice(0, 40)}\``)
    }
  }

  /** How many items there are is known where some of them aren't. */
  #length(argument: Located, node: Located): Resolved {
    const value = this.resolve(argument)
    if (value?.kind === 'unknown') return within(value, node)
    return value?.kind === 'list'
      ? { kind: 'scalar', value: value.items.length, quoted: false, ...spanOf(node) }
      : this.#unknown(node, 'a `Fn::Length` of another form')
  }

  #jsonText(argument: Located, node: Located): Resolved {
    const value = this.resolve(argument)
    const unknown = value === null ? null : unknownIn(value)
    if (unknown !== null) return within(unknown, node)
    return value?.kind === 'map' || value?.kind === 'list'
      ? this.#text(JSON.stringify(plainOf(value as Located)), node)
      : this.#unknown(node, 'a `Fn::ToJsonString` of another form')
  }

  /** Whether the template takes functions of the language extensions. */
  get #extends(): boolean {
    return this.#template.transforms.some(({ name }) => name === LANGUAGE_EXTENSIONS)
  }

  #unknown(node: Located, of: string): Resolved {
    return unknownAt(node, of, JSON.stringify(plainOf(node)))
  }

  #ref(argument: Located, node: Located): Resolved | null {
    const name = nameIn(argument)
    if (name === NO_VALUE) return null
    return name === null ? this.#unknown(node, 'a `Ref` of another form') : this.#named(name, node)
  }

  #named(name: string, node: Located): Resolved {
    if (this.#made > MOST_MADE) return this.#unknown(node, 'a template that grows too large')
    if (this.#deciding > 0 && this.#names.isAssumed(name))
      return this.#unknown(node, `\`${name}\`, which nobody says`)
    const parameter = this.#parameters.value(name, node)
    if (parameter?.kind === 'list') this.#made += ITEM * parameter.items.length
    return (
      parameter ??
      this.#names.ref(name, node) ??
      this.#unknown(node, `\`${name.slice(0, 100)}\`, which the template doesn't declare`)
    )
  }

  #getAtt(argument: Located, node: Located): Resolved {
    const dotted = nameIn(argument)
    const [id, attribute] =
      dotted === null
        ? argument.kind === 'list'
          ? argument.items.map((each) => scalarText(this.resolve(each)))
          : []
        : splitAtDot(dotted)
    return id == null || attribute == null
      ? this.#unknown(node, 'a `Fn::GetAtt` of another form')
      : this.#names.attribute(id, attribute, node)
  }

  #sub(argument: Located, node: Located): Resolved {
    const [text, variables] =
      argument.kind === 'list'
        ? [scalarText(argument.items[0] ?? null), argument.items[1]]
        : [nameIn(argument), undefined]
    if (text === null) return this.#unknown(node, 'a `Fn::Sub` of another form')
    const own = variables?.kind === 'map' ? variables.entries : []
    let unknown: Resolved | null = null
    const parts = text.split(/(\$\{[^${}]*\})/).map((part) => {
      if (!part.startsWith('${') || !part.endsWith('}')) return part
      const name = part.slice(2, -1).trim()
      if (name.startsWith('!')) return `\${${name.slice(1)}}`
      const variable = own.find(({ key }) => key === name)
      const value = variable === undefined ? this.#inText(name, node) : this.resolve(variable.value)
      const known = scalarText(value)
      if (known === null)
        unknown ??=
          value?.kind === 'unknown'
            ? value
            : this.#unknown(node, `\`${name.slice(0, 100)}\`, which is no text`)
      return known ?? ''
    })
    return unknown === null ? this.#text(parts.join(''), node) : within(unknown, node)
  }

  #inText(name: string, node: Located): Resolved {
    const [id, attribute] = splitAtDot(name)
    return attribute === undefined ? this.#named(name, node) : this.#names.attribute(id, attribute, node)
  }

  #text(text: string, node: Located): Resolved {
    this.#made += text.length
    return text.length > MOST_CHARACTERS || this.#made > MOST_MADE
      ? this.#unknown(node, 'a text that is too long')
      : isDynamic(text)
        ? this.#unknown(node, 'a dynamic reference')
        : textFrom(node, text)
  }

  #join(argument: Located, node: Located): Resolved {
    const [delimiter, values] = this.#arguments(argument)
    const by = scalarText(delimiter ?? null)
    if (by === null || values?.kind !== 'list')
      return values?.kind === 'unknown'
        ? within(values, node)
        : this.#unknown(node, 'a `Fn::Join` of another form')
    const unknown = unknownIn(values)
    if (unknown !== null) return within(unknown, node)
    const texts = values.items.map(scalarText)
    return texts.includes(null)
      ? this.#unknown(node, 'a `Fn::Join` of another form')
      : this.#text(texts.join(by), node)
  }

  #if(argument: Located, node: Located): Resolved | null {
    const [name, yes, no] = argument.kind === 'list' ? argument.items : []
    const condition = nameIn(name)
    if (condition === null || yes === undefined || no === undefined)
      return this.#unknown(node, 'a `Fn::If` of another form')
    const holds = this.condition(condition)
    if (holds !== null) return this.resolve(holds ? yes : no)
    const either = [this.resolve(yes), this.resolve(no)]
    const [one, other] = either
    // Whichever it is, it is the same.
    if (one?.kind === 'scalar' && other?.kind === 'scalar' && one.value === other.value) return one
    return this.#unknown(node, `the condition \`${condition.slice(0, 100)}\``)
  }

  #select(argument: Located, node: Located): Resolved {
    const [index, values] = this.#arguments(argument)
    if (values?.kind === 'unknown') return within(values, node)
    const at = Number(scalarText(index ?? null) ?? Number.NaN)
    const item = values?.kind === 'list' ? values.items[at] : undefined
    return item ?? this.#unknown(node, 'a `Fn::Select` of what is not there')
  }

  #split(argument: Located, node: Located): Resolved {
    const [delimiter, value] = this.#arguments(argument)
    if (value?.kind === 'unknown') return within(value, node)
    const [by, text] = [scalarText(delimiter ?? null), scalarText(value ?? null)]
    if (by === null || by === '' || text === null) return this.#unknown(node, 'a `Fn::Split` of another form')
    const items = text.split(by)
    this.#made += ITEM * items.length + text.length
    if (this.#made > MOST_MADE) return this.#unknown(node, 'a template that grows too large')
    return { kind: 'list', items: items.map((each) => textFrom(node, each)), ...spanOf(node) }
  }

  #findInMap(argument: Located, node: Located): Resolved {
    const [map, first, second, ...options] = this.#arguments(argument)
    const unknown = [map, first, second].find((each) => each?.kind === 'unknown')
    if (unknown?.kind === 'unknown') return within(unknown, node)
    const keys = [map, first, second].map((each) => scalarText(each ?? null))
    const found = findInMap(this.#template.mappings, keys)
    if (found !== null) return movedTo(found, node)
    const [fallback] = options
    const value =
      fallback?.kind === 'map' ? fallback.entries.find(({ key }) => key === 'DefaultValue')?.value : undefined
    return value ?? this.#unknown(node, 'a `Fn::FindInMap` of what is not there')
  }

  /** Those of a function that takes a list; what isn't there is left out. */
  #arguments(argument: Located): readonly Resolved[] {
    return argument.kind === 'list' ? argument.items.flatMap((each) => this.resolve(each) ?? []) : []
  }

  #truth(node: Located): boolean | null {
    if (++this.#steps > MOST_STEPS) {
      this.#steps--
      return null
    }
    try {
      return this.#truthOf(node)
    } finally {
      this.#steps--
    }
  }

  #truthOf(node: Located): boolean | null {
    const [only, another] = node.kind === 'map' ? node.entries : []
    if (only === undefined || another !== undefined) return null
    const { key, value } = only
    const items = value.kind === 'list' ? value.items : []
    switch (key) {
      case 'Condition':
        return this.condition(nameIn(value) ?? '')
      case 'Fn::Not': {
        const [first] = items
        const holds = first === undefined ? null : this.#truth(first)
        return holds === null ? null : !holds
      }
      case 'Fn::And':
      case 'Fn::Or': {
        const decides = key === 'Fn::Or'
        const all = items.map((each) => this.#truth(each))
        return all.includes(decides) ? decides : all.length === 0 || all.includes(null) ? null : !decides
      }
      case 'Fn::Equals': {
        this.#deciding++
        const [one, other] = items.map((each) => this.resolve(each))
        this.#deciding--
        if (one == null || other == null || items.length !== 2) return null
        if (unknownIn(one) !== null || unknownIn(other) !== null) return null
        const [a, b] = [comparable(one), comparable(other)]
        return a === b
      }
      default:
        return null
    }
  }
}

/** @see AWS CloudFormation User Guide, "Using dynamic references" */
const isDynamic = (value: unknown): boolean => typeof value === 'string' && value.includes('{{resolve:')

/** Texts as they are: CloudFormation compares numbers and booleans as texts. */
const comparable = (value: Resolved): string =>
  value.kind === 'list'
    ? JSON.stringify(value.items.map(comparable))
    : (scalarText(value) ?? JSON.stringify(value))

const nameIn = (node: Located | undefined): string | null =>
  node?.kind === 'scalar' && node.value !== null ? String(node.value) : null

function splitAtDot(name: string): readonly [id: string, attribute?: string] {
  const dot = name.indexOf('.')
  return dot === -1 ? [name] : [name.slice(0, dot), name.slice(dot + 1)]
}

/** What holds something unknown, in the place of the whole. */
const within = (unknown: Resolved, at: Span): Resolved =>
  unknown.kind === 'unknown' ? { ...unknown, ...spanOf(at) } : unknown

/** A value of a mapping stands where it is looked up. */
function movedTo(value: Resolved, at: Span): Resolved {
  if (value.kind === 'list')
    return { kind: 'list', items: value.items.map((each) => movedTo(each, at)), ...spanOf(at) }
  return value.kind === 'scalar' ? { ...value, ...spanOf(at) } : value
}

/** In UTF-8. */
const base64 = (text: string): string => {
  let bytes = ''
  for (const each of new TextEncoder().encode(text)) bytes += String.fromCharCode(each)
  return btoa(bytes)
}
