import { entryOf, type Located, type LocatedMap, plainOf } from '../../diagnostics/index.ts'
import { type Resolved, textFrom, unknownAt } from './resolved.ts'
import { isNoEcho } from './template-text.ts'

/** What parameters of a template are, as far as somebody says it: their defaults, or what is given on the command line. */
export class ParameterValues {
  readonly #declared: ReadonlyMap<string, LocatedMap>
  readonly #given: ReadonlyMap<string, string>

  /** @param given by name; those that begin with `AWS::` are pseudo parameters */
  constructor(declared: ReadonlyMap<string, LocatedMap>, given: ReadonlyMap<string, string>) {
    this.#declared = declared
    this.#given = given
  }

  /** Of a pseudo parameter. null: nobody gave it. */
  pseudo(name: string): string | null {
    return this.#given.get(name) ?? null
  }

  /** @returns null: the template declares no such parameter */
  value(name: string, at: Located): Resolved | null {
    const declared = this.#declared.get(name)
    if (declared === undefined) return null
    const fallback = entryOf(declared, 'Default')?.value
    const value = this.#given.get(name) ?? (fallback === undefined ? null : plainText(fallback))
    const type = entryOf(declared, 'Type')?.value
    const typeName = type?.kind === 'scalar' ? String(type.value) : ''
    const of = `the parameter \`${name}\``
    const basis = `${name} ${value ?? ''}`
    if (isNoEcho(declared)) return unknownAt(at, `${of}, which is a secret (\`NoEcho\`)`, basis)
    // Its value is the name of what has the value.
    if (typeName.startsWith('AWS::SSM::Parameter::Value'))
      return unknownAt(at, `${of}, whose value is in the parameter store`, basis)
    if (value === null)
      return unknownAt(at, `${of}, which has neither a default nor a value in \`--parameters\``, basis)
    if (typeName !== 'CommaDelimitedList' && !typeName.startsWith('List<')) return textFrom(at, value)
    const { file, start, end } = at
    const items = value.split(',').map((each) => textFrom(at, each.trim()))
    return { kind: 'list', items, file, start, end }
  }
}

function plainText(node: Located): string | null {
  const plain = plainOf(node)
  if (Array.isArray(plain)) return plain.map(String).join(',')
  return plain === null || typeof plain === 'object' ? null : String(plain)
}
