// Writes `scripts/data/service-constraints.json`: lengths, ranges, patterns and enumerations of what IAM and STS take, which the SDK's
// schemas leave out, from the service models that botocore ships. Run by hand when they change:
//   node scripts/distill-constraints.mjs FOLDER_OF_BOTOCORE/data
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { gunzipSync } from 'node:zlib'

const folder = process.argv[2]
if (folder === undefined) {
  console.error('usage: node scripts/distill-constraints.mjs FOLDER_OF_BOTOCORE/data')
  process.exit(1)
}

const MODELS = { iam: 'iam/2010-05-08', sts: 'sts/2011-06-15' }
/** What of a shape is no constraint. */
const KEPT = ['min', 'max', 'pattern', 'enum']

const services = Object.entries(MODELS).map(([service, path]) => {
  const { shapes, operations } = JSON.parse(
    gunzipSync(readFileSync(join(folder, path, 'service-2.json.gz'))).toString(),
  )
  const taken = new Set()
  const take = (name) => {
    if (taken.has(name)) return
    taken.add(name)
    const { members = {}, member, key, value } = shapes[name]
    for (const { shape } of [...Object.values(members), member, key, value].filter(Boolean)) take(shape)
  }
  for (const { input } of Object.values(operations)) if (input !== undefined) take(input.shape)
  const constraintsOf = (name) => {
    const kept = KEPT.filter((key) => shapes[name][key] !== undefined)
    return kept.length === 0
      ? null
      : Object.fromEntries(kept.map((key) => [key, compiled(shapes[name][key], key)]))
  }
  /** By structure and member: the name of the shape; only of what has constraints, or whose members have. */
  const members = Object.entries(shapes).flatMap(([structure, { type, members: all = {} }]) => {
    if (type !== 'structure' || !taken.has(structure)) return []
    const found = Object.entries(all).flatMap(([member, { shape }]) => {
      const { type: kind, member: item } = shapes[shape]
      const own = constraintsOf(shape)
      const ofItem = kind === 'list' ? constraintsOf(item.shape) : null
      return own === null && ofItem === null
        ? []
        : [[member, { ...own, ...(ofItem === null ? {} : { each: ofItem }) }]]
    })
    return found.length === 0 ? [] : [[structure, Object.fromEntries(found)]]
  })
  return [service, Object.fromEntries(members)]
})

/** A pattern that JavaScript can't compile is found here, not when somebody asks. It escapes what needs it not. */
function compiled(value, key) {
  if (key === 'pattern') new RegExp(value.replaceAll('\\:', ':'), 'u')
  return value
}

mkdirSync(new URL('data/', import.meta.url), { recursive: true })
writeFileSync(
  new URL('data/service-constraints.json', import.meta.url),
  `${JSON.stringify(
    {
      notice:
        'Lengths, ranges, patterns and enumerations from the service models of botocore (Copyright Amazon.com, Inc. or its affiliates; Apache-2.0), without their texts.',
      ...Object.fromEntries(services),
    },
    null,
    1,
  )}\n`,
)
