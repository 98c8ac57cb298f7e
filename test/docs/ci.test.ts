// biome-ignore-all lint/suspicious/noTemplateCurlyInString: expressions of workflows
import { spawnSync } from 'node:child_process'
import { chmodSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { parse, parseAllDocuments } from 'yaml'
import { temporaryFolder } from '../source/folders.ts'
import { blocksOf } from './console-blocks.ts'

const textOf = (path: string): string => readFileSync(new URL(`../../${path}`, import.meta.url), 'utf8')

interface Step {
  readonly run?: string
  readonly uses?: string
  readonly env?: Readonly<Record<string, string>>
  readonly with?: Readonly<Record<string, unknown>>
}

interface Action {
  readonly inputs: Readonly<Record<string, { readonly description: string; readonly default: string }>>
  readonly runs: { readonly steps: readonly Step[] }
}

const { version } = JSON.parse(textOf('package.json')) as { readonly version: string }
const page = textOf('docs/ci.md')
const action = parse(textOf('action.yml')) as Action
const [step] = action.runs.steps
const [spec, component] = parseAllDocuments(textOf('templates/iam-sync.yml')).map((each) => each.toJS()) as [
  { readonly spec: { readonly inputs: Action['inputs'] } },
  { readonly 'iam-sync': { readonly variables: Record<string, string>; readonly script: readonly string[] } },
]
const job = component['iam-sync']

/** Steps of every workflow that the page shows. */
const shown: readonly Step[] = blocksOf(page)
  .filter(({ info }) => info === 'yaml')
  .flatMap(({ text }) => stepsIn(parse(text)))

function stepsIn(value: unknown): readonly Step[] {
  if (Array.isArray(value)) return value.flatMap(stepsIn)
  if (typeof value !== 'object' || value === null) return []
  const own = 'run' in value || 'uses' in value ? [value as Step] : []
  return [...own, ...Object.values(value).flatMap(stepsIn)]
}

/** In place of npm: nothing is installed but what says with which words it was called. */
const NPM = `#!/bin/sh
[ -z "$GITHUB_TOKEN$GITLAB_TOKEN" ] || exit 9
while [ "$1" != --prefix ]; do shift; done
mkdir -p "$2/node_modules/iam-sync/dist/bin"
printf '%s\\n' "$@" > "$RECORD.npm"
cat > "$2/node_modules/iam-sync/dist/bin/iam-sync.js" <<'END'
require('node:fs').writeFileSync(process.env.RECORD, JSON.stringify(process.argv.slice(2)))
END
`

/** @returns the words that `iam-sync` is called with, and the package that was to be installed */
function called(shell: 'bash' | 'sh', script: string, env: Readonly<Record<string, string>>) {
  const place = temporaryFolder({ 'bin/npm': NPM, 'work/.keep': '' })
  chmodSync(join(place, 'bin/npm'), 0o755)
  const record = join(place, 'record.json')
  const ran = spawnSync(shell, [...(shell === 'bash' ? ['--noprofile', '--norc'] : []), '-c', script], {
    cwd: join(place, 'work'),
    encoding: 'utf8',
    env: {
      PATH: `${join(place, 'bin')}:${process.env.PATH}`,
      RUNNER_TEMP: place,
      TMPDIR: place,
      RECORD: record,
      [shell === 'bash' ? 'GITHUB_TOKEN' : 'GITLAB_TOKEN']: 'x',
      ...env,
    },
  })
  expect(`${ran.status} ${ran.stderr}`).toBe('0 ')
  const npm = readFileSync(`${record}.npm`, 'utf8').trimEnd().split('\n')
  return { words: JSON.parse(readFileSync(record, 'utf8')) as readonly string[], installed: npm.at(-1) }
}

const HOSTILE = '"; touch pwned; $(touch pwned) `touch pwned` \' --strict'

const variables = (inputs: Action['inputs'], given: Readonly<Record<string, string>>) =>
  Object.fromEntries(
    Object.entries(inputs).map(([name, { default: initial }]) => [
      `IAM_SYNC_${name.toUpperCase().replaceAll('-', '_')}`,
      given[name] ?? initial,
    ]),
  )

describe('action.yml', () => {
  test('has no expression inside of a script, and hands every input over as a variable', () => {
    expect(step?.run).not.toContain('${{')
    const handed = Object.values(step?.env ?? {}).map(
      (value) => /^\$\{\{ inputs\.([\w-]+) \}\}$/.exec(value)?.[1],
    )
    expect(handed.toSorted()).toEqual(Object.keys(action.inputs).sort())
    expect(Object.values(action.inputs).filter(({ description }) => description.includes('${{'))).toEqual([])
  })

  test('installs the version of this repository, and uses no other action', () => {
    expect(action.inputs.version?.default).toBe(version)
    expect(action.runs.steps.flatMap(({ uses }) => uses ?? [])).toEqual([])
    expect(called('bash', step?.run ?? '', variables(action.inputs, {}))).toEqual({
      words: ['comment', '--dir=.'],
      installed: `iam-sync@${version}`,
    })
  })

  test('what stands in an input is one word, whatever it is', () => {
    const texts = ['folder', 'tag', 'against', 'as-of', 'from', 'pull-request', 'commit', 'no-new-access']
    const given = Object.fromEntries(texts.map((name) => [name, HOSTILE]))
    const { words } = called(
      'bash',
      step?.run ?? '',
      variables(action.inputs, {
        ...given,
        'no-new-escalation': HOSTILE,
        account: `${HOSTILE}\nproduction\n`,
        trust: '444455556666\no-a1b2c3d4e5',
        link: HOSTILE,
        'no-public-access': 'true',
        'no-outside-access': HOSTILE,
        strict: 'true',
      }),
    )
    expect(words).toEqual([
      'comment',
      `--dir=${HOSTILE}`,
      `--tag=${HOSTILE}`,
      `--account=${HOSTILE}`,
      '--account=production',
      ...['against', 'as-of', 'from', 'pull-request', 'commit', 'no-new-access', 'no-new-escalation'].map(
        (name) => `--${name}=${HOSTILE}`,
      ),
      '--no-public-access',
      '--trust=444455556666',
      '--trust=o-a1b2c3d4e5',
      `--link=${HOSTILE}`,
      '--strict',
    ])
  })
})

describe('templates/iam-sync.yml', () => {
  const given = (inputs: Readonly<Record<string, string>>) => variables(spec.spec.inputs, { ...inputs })

  test('has no input inside of a script, and installs the version of this repository', () => {
    expect(job.script.join('\n')).not.toContain('$[[')
    expect(spec.spec.inputs.version?.default).toBe(version)
    const handed = Object.values(job.variables).join(' ')
    const unused = Object.keys(spec.spec.inputs).filter(
      (name) => !['stage', 'image'].includes(name) && !handed.includes(`$[[ inputs.${name} ]]`),
    )
    expect(unused).toEqual([])
  })

  test('what stands in an input is one word, whatever it is', () => {
    const script = job.script.join('\n')
    expect(called('sh', script, given({}))).toEqual({
      words: ['comment', '--dir=.', '--code-quality=gl-code-quality-report.json'],
      installed: `iam-sync@${version}`,
    })
    const { words } = called(
      'sh',
      script,
      given({
        folder: HOSTILE,
        tag: HOSTILE,
        against: HOSTILE,
        no_new_escalation: HOSTILE,
        no_public_access: 'true',
        no_outside_access: HOSTILE,
        link: HOSTILE,
      }),
    )
    expect(words).toEqual([
      'comment',
      `--dir=${HOSTILE}`,
      '--code-quality=gl-code-quality-report.json',
      ...['tag', 'against', 'no-new-escalation'].map((name) => `--${name}=${HOSTILE}`),
      '--no-public-access',
      `--link=${HOSTILE}`,
    ])
  })
})

test('the component uploads the report that its script writes', () => {
  expect(job).toMatchObject({ artifacts: { reports: { codequality: 'gl-code-quality-report.json' } } })
  expect(job.script.join('\n')).toContain('--code-quality=gl-code-quality-report.json')
})

describe('the workflows of docs/ci.md', () => {
  test('have no expression inside of a script', () => {
    expect(shown.length).toBeGreaterThan(10)
    expect(shown.filter(({ run }) => run?.includes('${{'))).toEqual([])
  })

  test('pin the actions of others to commits', () => {
    const others = shown.flatMap(({ uses }) =>
      uses === undefined || uses === 'OWNER/iam-sync@COMMIT' ? [] : [uses],
    )
    expect(others.filter((uses) => !/^[\w-]+\/[\w-]+@[0-9a-f]{40}$/.test(uses))).toEqual([])
  })

  test('give our action inputs that it has, and the page lists all of them', () => {
    const given = shown.flatMap(({ uses, with: inputs }) =>
      uses === 'OWNER/iam-sync@COMMIT' ? Object.keys(inputs ?? {}) : [],
    )
    expect(given.filter((name) => !(name in action.inputs))).toEqual([])
    const table = page.split('| input | what it is |')[1]?.split('\n\n')[0] ?? ''
    const listed = [...table.matchAll(/^\| (.+?) \|/gm)].flatMap(([, cell = '']) =>
      [...cell.matchAll(/`([\w-]+)`/g)].map(([, name]) => name),
    )
    expect(listed.toSorted()).toEqual(Object.keys(action.inputs).sort())
  })

  test('a job that may write executes nothing of a pull request', () => {
    const privileged = blocksOf(page)
      .filter(({ text }) => /pull_request_target|workflow_run/.test(text))
      .map(({ text }) => stepsIn(parse(text)))
    expect(privileged).toHaveLength(2)
    for (const steps of privileged)
      for (const { uses, run, with: inputs } of steps) {
        expect(run ?? '').not.toMatch(/\b(?:npm|npx|node|make|\.\/)/)
        expect(uses ?? '').not.toMatch(/^\.\//)
        if (uses?.startsWith('actions/checkout@'))
          expect(inputs).toMatchObject({ 'persist-credentials': false })
      }
  })

  test('scripts of theirs are such that a shell can read', () => {
    const scripts = [
      ...shown.flatMap(({ run }) => run ?? []),
      ...blocksOf(page)
        .filter(({ info }) => info === 'sh')
        .map(({ text }) => text),
    ]
    for (const script of scripts)
      expect(spawnSync('bash', ['-n', '-c', script], { encoding: 'utf8' }).stderr).toBe('')
  })
})
