import { didYouMean, entryOf, errorOf, type Located, spanOf, warningOf } from '../../diagnostics/index.ts'
import type { OrganizationPolicy, PlacedDocument, PolicyDocument } from '../../model/index.ts'
import { shorten } from '../../yaml/shorten.ts'
import type { EntityContext } from '../entities/entity-reading.ts'
import { readEstateDocument } from './estate-document.ts'

type ControlKind = 'service' | 'resource'

const KEYS = { service: 'serviceControlPolicies', resource: 'resourceControlPolicies' } as const
const FULL_ACCESS = { service: 'FullAWSAccess', resource: 'RCPFullAWSAccess' } as const

/** @see AWS Organizations User Guide, "Service control policies": FullAWSAccess */
const FULL_ACCESS_DOCUMENT: PolicyDocument = {
  Version: '2012-10-17',
  Statement: [{ Effect: 'Allow', Action: '*', Resource: '*' }],
}
const FULL_AWS_ACCESS: OrganizationPolicy = {
  name: FULL_ACCESS.service,
  document: { json: FULL_ACCESS_DOCUMENT, located: null },
}

/** The service or resource control policies that an organization declares, and which of them are attached somewhere. */
export class ControlPolicies {
  readonly #kind: ControlKind
  readonly #context: EntityContext
  readonly #declared = new Map<string, { readonly document: PlacedDocument; readonly key: Located }>()
  readonly #attached = new Set<string>()

  /** @param organization the whole section */
  constructor(kind: ControlKind, organization: Located, context: EntityContext) {
    this.#kind = kind
    this.#context = context
    const section = entryOf(organization, KEYS[kind])?.value
    for (const { key, keySpan, value } of section?.kind === 'map' ? section.entries : []) {
      const document = readEstateDocument(value, kind === 'service' ? 'scp' : 'rcp', context)
      const name: Located = { kind: 'scalar', value: key, quoted: true, ...keySpan }
      if (key !== FULL_ACCESS[kind]) {
        if (document !== null) this.#declared.set(key, { document, key: name })
        continue
      }
      context.report([
        errorOf({
          code: 'manifest.full-access-policy',
          message: `\`${key}\` is AWS's own policy, and can't be declared`,
          help: 'attach it by its name, or give yours another one',
          span: keySpan,
        }),
      ])
    }
  }

  /** The policies at a node. */
  at(node: Located): readonly OrganizationPolicy[] {
    const entry = entryOf(node, KEYS[this.#kind])
    const isService = this.#kind === 'service'
    if (entry === null) return isService ? [FULL_AWS_ACCESS] : []
    if (entry.value.kind !== 'list') {
      if (isService) this.#warnOfNothing(entry.keySpan)
      return []
    }
    if (isService && entry.value.items.length === 0) this.#warnOfNothing(entry.keySpan)
    const seen = new Set<string>()
    return entry.value.items.flatMap((item) => {
      if (item.kind !== 'scalar' || typeof item.value !== 'string' || seen.has(item.value)) return []
      seen.add(item.value)
      return this.#named(item.value, item)
    })
  }

  #named(name: string, item: Located): readonly OrganizationPolicy[] {
    if (name === FULL_ACCESS[this.#kind]) return this.#kind === 'service' ? [FULL_AWS_ACCESS] : []
    const declared = this.#declared.get(name)
    this.#attached.add(name)
    if (declared !== undefined) return [{ name, document: declared.document }]
    const known = [...this.#declared.keys(), FULL_ACCESS[this.#kind]]
    this.#context.report([
      errorOf({
        code: 'manifest.unknown-control-policy',
        message: `no ${this.#kind} control policy \`${shorten(name)}\` is declared`,
        help: didYouMean(name, known, `declare it under \`organization.${KEYS[this.#kind]}\``),
        span: spanOf(item),
      }),
    ])
    return []
  }

  #warnOfNothing(span: { readonly file: string; readonly start: number; readonly end: number }): void {
    this.#context.report([
      warningOf({
        code: 'manifest.nothing-allowed',
        message: 'without a service control policy nothing is allowed in the accounts below',
        help: `write \`[${FULL_ACCESS.service}]\`, or leave the key out`,
        span,
      }),
    ])
  }

  /** Says which policies are declared and attached nowhere. */
  reportUnused(): void {
    for (const [name, { key }] of this.#declared)
      if (!this.#attached.has(name))
        this.#context.report([
          warningOf({
            code: 'manifest.unattached-policy',
            message: `the ${this.#kind} control policy \`${shorten(name)}\` is attached nowhere`,
            help: 'name it at a root, a unit or an account, or remove it',
            span: spanOf(key),
          }),
        ])
  }
}
