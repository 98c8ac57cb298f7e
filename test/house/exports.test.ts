import { readdirSync, readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { tradeOf } from './exports.ts'

const root = new URL('../../', import.meta.url)
const files = ['src', 'assembly', 'test', 'bench', 'scripts']
  .flatMap((folder) =>
    readdirSync(new URL(folder, root), { recursive: true, encoding: 'utf8' }).map(
      (path) => `${folder}/${path}`,
    ),
  )
  .filter((path) => /\.(?:ts|mjs)$/.test(path) && !path.includes('node_modules'))
const trades = new Map(
  files.map((path) => [path, tradeOf(path, readFileSync(new URL(path, root), 'utf8'))] as const),
)

/** What a kind is to a layer is called as the kind is: its folder tells it apart. */
const FACET = /^src\/kinds\/\w+\/(?:iam|observe|plan|report|store)\.ts$/

/** What a command does is called alike for all of them: its file tells it apart. */
const isRunOfCommand = (path: string, name: string): boolean =>
  name === 'run' && path.startsWith('src/cli/commands/')

/** Types that no file asks for by name: those that it infers have to name them in its declarations. */
const INFERRED: readonly string[] = [
  'src/kinds/attributes/document.ts DocumentChange',
  'src/kinds/attributes/path.ts PathChange',
  'src/kinds/attributes/path.ts Placed',
  'src/kinds/attributes/secret-source.ts SecretChange',
  'src/kinds/attributes/told-text.ts ToldTextChange',
  'src/reconcile/observe-kind.ts DetailsObservation',
]

/** What is taken from outside: the public API, with what tests start, and the module's functions. */
const ENDS = ['src/index.ts', 'src/testing/index.ts', 'assembly/index.ts']

describe('exports', () => {
  it('somebody imports each', () => {
    const taken = new Set(
      [...trades].flatMap(([path, { takes }]) =>
        takes.filter(({ file }) => file !== path).map(({ file, name }) => `${file} ${name}`),
      ),
    )
    const dead = [...trades].flatMap(([path, { offers }]) =>
      ENDS.includes(path) || taken.has(`${path} *`)
        ? []
        : offers.map((name) => `${path} ${name}`).filter((offer) => !taken.has(offer)),
    )
    expect(dead.toSorted()).toEqual(INFERRED)
  })

  it('each has a name of its own', () => {
    const places = new Map<string, string[]>()
    for (const [path, { offers }] of trades)
      if (path.startsWith('src/') && !FACET.test(path) && !ENDS.includes(path))
        for (const name of offers)
          if (!isRunOfCommand(path, name)) places.set(name, [...(places.get(name) ?? []), path])
    const doubled = [...places]
      .filter(([, paths]) => paths.length > 1)
      .map(([name, paths]) => `${name}: ${paths.join(', ')}`)
    expect(doubled).toEqual([])
  })
})

describe('the reading of exports', () => {
  it('sees what a file offers and takes', () => {
    const text = [
      "import { a as b, type C } from './x.ts'",
      "import * as all from '../y.ts'",
      "export { d } from '../../dist/src/z.js'",
      "export * from './w.ts'",
      'export const e = 1, f = 2',
      'export interface G {}',
      'export async function h() { await import("node:fs"); return import(\'./v.ts\') }',
    ].join('\n')
    expect(tradeOf('bench/room/file.ts', text)).toEqual({
      offers: ['e', 'f', 'G', 'h'],
      takes: [
        { file: 'bench/room/x.ts', name: 'a' },
        { file: 'bench/room/x.ts', name: 'C' },
        { file: 'bench/y.ts', name: '*' },
        { file: 'src/z.ts', name: 'd' },
        { file: 'bench/room/w.ts', name: '*' },
        { file: 'bench/room/v.ts', name: '*' },
      ],
    })
  })
})
