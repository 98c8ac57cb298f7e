import { isObject } from '../../policy/parsing.ts'
import { type InstanceKey, keyOf, type ModuleStep } from './module-path.ts'
import { itemsOf, type JsonObject, objectOf } from './plan-file.ts'

/** A resource as its module declares it, whatever becomes of its `count`. */
export interface ConfiguredResource {
  readonly expressions: JsonObject
  readonly providerKey: string | null
  /** What its `for_each` refers to. */
  readonly forEach: readonly string[]
}

/** What an attribute is taken from: an attribute of a resource or data source, in some module. */
interface Reference {
  readonly module: readonly ModuleStep[]
  /** `aws_iam_role.deploy`, `data.aws_iam_policy_document.trust` */
  readonly resource: string
  /** `own`: that of whoever refers to it. */
  readonly key: InstanceKey | 'own'
  /** `arn`; the empty text: the whole resource. */
  readonly attribute: string
}

/** More steps than that go in a circle, which Terraform would refuse. */
const MOST_STEPS = 100

/** What the modules of a plan declare, and what stands behind their variables and outputs. */
export class Configuration {
  readonly #root: JsonObject | null
  readonly #resources = new Map<string, ReadonlyMap<string, ConfiguredResource>>()

  constructor(root: JsonObject | null) {
    this.#root = root
  }

  /** @param name `aws_iam_role.deploy`; null: nothing declares it */
  resourceOf(module: readonly ModuleStep[], name: string): ConfiguredResource | null {
    const path = module.map((step) => step.name).join('.')
    let known = this.#resources.get(path)
    if (known === undefined) {
      known = resourcesOf(this.#moduleAt(module))
      this.#resources.set(path, known)
    }
    return known.get(name) ?? null
  }

  /**
   * What an expression takes its value from, where that is one attribute of one resource. A plan has what an expression refers
   * to and not what it makes of it: for a value that is an ARN or a name, nothing else is made of it.
   * @param own the resource that the expression belongs to
   * @returns null: it is taken from several, or from something that a plan doesn't have, as a local value
   */
  reference(
    module: readonly ModuleStep[],
    expression: unknown,
    own: ConfiguredResource | null,
  ): Reference | null {
    let at = module
    let step: Step | null = { references: referencesIn(expression), suffix: '' }
    let forEach = own?.forEach ?? []
    for (let steps = 0; step !== null && steps < MOST_STEPS; steps++) {
      const single = singleOf(step.references)
      if (single === null) return null
      const parts = partsOf(single)
      const [first = '', second = ''] = parts
      const rest = (from: number): string => parts.slice(from).join('.') + step?.suffix
      if (first === 'each' && second === 'value') {
        if (forEach.length === 0) return null
        const named = this.#resourceReference(at, partsOf(singleOf(forEach) ?? ''), rest(2))
        return named === null ? null : { ...named, key: 'own' }
      }
      if (first === 'var') {
        const caller = at.slice(0, -1)
        const call = objectOf(objectOf(this.#moduleAt(caller)?.module_calls)[at.at(-1)?.name ?? ''])
        step = at.length === 0 ? null : stepOf(objectOf(call.expressions)[second], rest(2))
        at = caller
        forEach = []
      } else if (first === 'module') {
        const { name, key } = instanceOf(second)
        at = [...at, { name, key }]
        const output = objectOf(objectOf(this.#moduleAt(at)?.outputs)[parts[2] ?? ''])
        step = stepOf(output.expression, rest(3))
        forEach = []
      } else {
        const isOwn = step.references.some((each) => /^(?:each|count)\./.test(each))
        const named = this.#resourceReference(at, parts, step.suffix)
        return named === null || !isOwn ? named : { ...named, key: 'own' }
      }
    }
    return null
  }

  #resourceReference(
    module: readonly ModuleStep[],
    parts: readonly string[],
    suffix: string,
  ): Reference | null {
    const isData = parts[0] === 'data'
    const [type = '', instance = '', ...attribute] = isData ? parts.slice(1) : parts
    if (!type.includes('_') || instance === '') return null
    const { name, key } = instanceOf(instance)
    return {
      module,
      resource: `${isData ? 'data.' : ''}${type}.${name}`,
      key,
      attribute: attribute.join('.') + suffix,
    }
  }

  #moduleAt(steps: readonly ModuleStep[]): JsonObject | null {
    let module = this.#root
    for (const { name } of steps) {
      const called = objectOf(objectOf(module?.module_calls)[name]).module
      if (!isObject(called)) return null
      module = called
    }
    return module
  }
}

interface Step {
  readonly references: readonly string[]
  /** What is taken of the value: `.arn` */
  readonly suffix: string
}

const stepOf = (expression: unknown, rest: string): Step => ({
  references: referencesIn(expression),
  suffix: rest === '' || rest.startsWith('.') ? rest : `.${rest}`,
})

const referencesIn = (expression: unknown): readonly string[] =>
  itemsOf(objectOf(expression).references).filter((each) => typeof each === 'string')

/**
 * A reference is followed by what it lies in: `aws_s3_bucket.a.arn`, `aws_s3_bucket.a`. The keys of an instance say which one
 * is meant, not what.
 * @returns null: there are several
 */
function singleOf(references: readonly string[]): string | null {
  const named = references.filter((each) => !/^(?:each\.key|count\.index)$/.test(each))
  const [first] = named
  if (first === undefined) return null
  const isWithin = (each: string) =>
    each === first || (first.startsWith(each) && /[.[]/.test(first[each.length] ?? ''))
  return named.every(isWithin) ? first : null
}

/** `aws_iam_role.a["x.y"].arn` → `aws_iam_role`, `a["x.y"]`, `arn` */
const partsOf = (reference: string): readonly string[] =>
  reference.match(/[^.[\]]+(?:\[(?:"(?:[^"\\]|\\.)*"|\d+)\])*/g) ?? []

function instanceOf(part: string): ModuleStep {
  const bracket = part.indexOf('[')
  return bracket === -1
    ? { name: part, key: null }
    : {
        name: part.slice(0, bracket),
        key: keyOf(part.slice(bracket + 1, part.indexOf(']', part.lastIndexOf('"')))),
      }
}

function resourcesOf(module: JsonObject | null): ReadonlyMap<string, ConfiguredResource> {
  return new Map(
    itemsOf(module?.resources).flatMap((each) => {
      const { mode, type, name, expressions, provider_config_key, for_each_expression } = objectOf(each)
      if (typeof type !== 'string' || typeof name !== 'string') return []
      return [
        [
          `${mode === 'data' ? 'data.' : ''}${type}.${name}`,
          {
            expressions: objectOf(expressions),
            providerKey: typeof provider_config_key === 'string' ? provider_config_key : null,
            forEach: referencesIn(for_each_expression),
          },
        ] as const,
      ]
    }),
  )
}
