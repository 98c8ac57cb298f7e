// Writes `dist/generated/protocol.js`: the operations of IAM and STS with what they take and answer, and their errors, from the schemas that
// AWS's SDK exports, and constraints from `scripts/data/service-constraints.json`. A trait or type that isn't known here ends the build.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import * as iam from '@aws-sdk/client-iam'
import * as sts from '@aws-sdk/client-sts'

const output = new URL('../dist/generated/', import.meta.url)
const constraints = JSON.parse(
  readFileSync(new URL('data/service-constraints.json', import.meta.url), 'utf8'),
)

/** As the SDK numbers them. */
const SIMPLE = { 0: 'text', 1: 'number', 2: 'boolean', 4: 'time', 21: 'blob' }
const LIST_OF = 64
const MAP_OF = 128
const SENSITIVE = 8
const KNOWN_TRAITS = new Set(['sensitive', 'error', 'httpError', 'awsQueryError'])

function checkTraits(traits, where) {
  if (traits === undefined || traits === 0 || traits === SENSITIVE) return
  if (typeof traits === 'number') throw new Error(`build-protocol: trait ${traits} at ${where} is not known`)
  for (const name of Object.keys(traits))
    if (!KNOWN_TRAITS.has(name)) throw new Error(`build-protocol: trait ${name} at ${where} is not known`)
}

const isSensitive = (traits) => traits === SENSITIVE || traits?.sensitive !== undefined

function distilled(service, exported) {
  const structures = {}
  /** @returns a shape as `src/server/protocol/shapes.ts` reads it */
  const shapeOf = (given, where) => {
    const [bare, own] = ofMember(given)
    if (own !== undefined) {
      checkTraits(own, where)
      const shape = shapeOf(bare, where)
      return isSensitive(own) ? { secret: shape } : shape
    }
    const schema = typeof bare === 'function' ? bare() : bare
    if (schema === 'unit') return null
    if (typeof schema === 'number') {
      if (SIMPLE[schema] !== undefined) return SIMPLE[schema]
      if (schema >= MAP_OF) return { key: 'text', value: shapeOf(schema - MAP_OF, where) }
      if (schema >= LIST_OF) return { list: shapeOf(schema - LIST_OF, where) }
      throw new Error(`build-protocol: type ${schema} at ${where} is not known`)
    }
    const [type, , name, traits] = schema
    if (type !== -3) checkTraits(traits, name)
    switch (type) {
      case 0: {
        const shape = shapeOf(schema[4], name)
        return isSensitive(traits) ? { secret: shape } : shape
      }
      case 1:
        return { list: shapeOf(schema[4], name) }
      case 2:
        return { key: shapeOf(schema[4], name), value: shapeOf(schema[5], name) }
      case 3:
      case 4:
      case -3: {
        if (structures[name] === undefined) {
          structures[name] = {}
          for (const [index, member] of schema[4].entries()) {
            structures[name][member] = shapeOf(schema[5][index], `${name}.${member}`)
          }
        }
        return { structure: name }
      }
      default:
        throw new Error(`build-protocol: schema type ${type} at ${where} is not known`)
    }
  }
  const operations = {}
  const errors = {}
  for (const schema of Object.values(exported)) {
    if (!Array.isArray(schema)) continue
    const [type, , name, traits] = schema
    if (type === 9) {
      checkTraits(traits, name)
      operations[name] = {
        input: shapeOf(schema[4], name)?.structure ?? null,
        output: shapeOf(schema[5], name)?.structure ?? null,
        required: requiredOf(schema[4]),
      }
    }
    // An error of the SDK's own has no code of the service.
    if (type === -3 && traits?.httpError !== undefined) {
      checkTraits(traits, name)
      const [code, status] = traits.awsQueryError ?? [name, traits.httpError]
      errors[code] = status
    }
  }
  const used = new Set()
  const use = (shape) => {
    if (shape === null || typeof shape === 'string') return
    if (shape.structure === undefined) {
      for (const inner of [shape.list, shape.key, shape.value, shape.secret])
        if (inner !== undefined) use(inner)
      return
    }
    if (used.has(shape.structure)) return
    used.add(shape.structure)
    Object.values(structures[shape.structure]).forEach(use)
  }
  for (const { input, output: answer } of Object.values(operations))
    for (const structure of [input, answer]) if (structure !== null) use({ structure })
  const ours = constraints[service]
  return {
    operations,
    structures: Object.fromEntries([...used].sort().map((name) => [name, structures[name]])),
    constraints: Object.fromEntries(Object.entries(ours).filter(([name]) => used.has(name))),
    errors,
  }
}

/** Traits of a member or item stand beside its schema. */
const ofMember = (given) => (Array.isArray(given) && given.length === 2 ? given : [given, undefined])

/** Required ones come first. */
function requiredOf(input) {
  const schema = typeof input === 'function' ? input() : input
  return Array.isArray(schema) ? schema[4].slice(0, schema[6] ?? 0) : []
}

const services = { iam: distilled('iam', iam), sts: distilled('sts', sts) }
const versions = ['client-iam', 'client-sts'].map((name) =>
  JSON.parse(readFileSync(new URL(`../node_modules/@aws-sdk/${name}/package.json`, import.meta.url), 'utf8')),
)
const origin = versions.map(({ name, version, license }) => `${name} ${version} (${license})`).join(' and ')
mkdirSync(output, { recursive: true })
writeFileSync(
  new URL('protocol.js', output),
  [
    `/* Operations and shapes from ${origin}, Copyright Amazon.com, Inc. or its affiliates. ${constraints.notice} */`,
    `export const models = ${JSON.stringify(versions.map(({ name, version }) => `${name} ${version}`))}`,
    `export const services = JSON.parse(${JSON.stringify(JSON.stringify(services))})`,
    '',
  ].join('\n'),
)
// Typed where it is read: declarations that led to sources would be taken for outputs of the next build.
writeFileSync(
  new URL('protocol.d.ts', output),
  'export declare const models: readonly string[];\nexport declare const services: unknown;\n',
)
