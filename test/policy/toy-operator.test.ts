import { spawnSync } from 'node:child_process'
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { IS_WHOLE } from '../sample-size.ts'

// An operator that is in the making: whoever adds one is led by the compiler to every place that has to know of it.

const root = fileURLToPath(new URL('../../', import.meta.url))
const TABLE = 'src/policy/operators.ts'
const original = readFileSync(join(root, TABLE), 'utf8')

let copy = ''
beforeAll(() => {
  if (!IS_WHOLE) return
  copy = mkdtempSync(join(tmpdir(), 'iam-sync-toy-'))
  for (const folder of ['src', 'assembly', 'package.json', 'tsconfig.json'])
    cpSync(join(root, folder), join(copy, folder), { recursive: true })
  for (const folder of ['node_modules', 'dist']) symlinkSync(join(root, folder), join(copy, folder))
})
afterAll(() => {
  if (copy !== '') rmSync(copy, { recursive: true })
})

/** @returns the files in which the compiler finds errors once the table of operators is edited */
function filesNamed(edits: readonly (readonly [from: string, to: string])[]): readonly string[] {
  let text = original
  for (const [from, to] of edits) {
    expect(text, 'the table has changed: edit this test').toContain(from)
    text = text.replace(from, to)
  }
  writeFileSync(join(copy, TABLE), text)
  const tsc = join(root, 'node_modules/typescript/bin/tsc')
  const { stdout } = spawnSync(
    process.execPath,
    // What one edit leaves as it is isn't looked at again for the next.
    [
      tsc,
      '-p',
      'tsconfig.json',
      '--noEmit',
      '--incremental',
      '--tsBuildInfoFile',
      'seen',
      '--pretty',
      'false',
    ],
    {
      cwd: copy,
      encoding: 'utf8',
    },
  )
  const files = [...stdout.matchAll(/^(\S+?)\(\d+,\d+\): error/gm)].map(([, file = '']) => file)
  return [...new Set(files)].sort()
}

const NAME = ["  'Null',\n] as const", "  'Null',\n  'TimeOfDayBetween',\n] as const"] as const
const ROW = [
  '  Null: {',
  "  TimeOfDayBetween: { family: 'time', negated: false, reads: 'time' },\n  Null: {",
] as const
const FAMILY = [
  '  /** Whether the key is absent.',
  "  | { readonly family: 'time'; readonly negated: false; readonly reads: 'time' }\n  /** Whether the key is absent.",
] as const
const COMPARISON = ["| 'greaterEquals'\n", "| 'greaterEquals' | 'between'\n"] as const

/** Where conditions are read, decided, proved or shown. */
const OF_A_FAMILY = [
  'src/access/escalation/powers/granted.ts',
  'src/access/public/fixed-value.ts',
  'src/access/symbolic/compile-condition.ts',
  'src/access/symbolic/open-rules.ts',
  'src/checks/names/keys/value-kinds.ts',
  'src/evaluator/estate/open/open-keys.ts',
  'src/evaluator/explaining/doubt.ts',
  'src/evaluator/program/operators.ts',
  'src/policy/conditions.ts',
  'src/report/decisions/conditions-text.ts',
]
/** Where values are ordered. */
const OF_A_COMPARISON = [
  'src/access/entries/ended.ts',
  'src/access/symbolic/axioms/account-numbers.ts',
  'src/access/symbolic/axioms/time-axioms.ts',
  'src/access/symbolic/compile-condition.ts',
  'src/access/symbolic/predicate.ts',
  'src/evaluator/program/operators.ts',
  'src/report/decisions/conditions-text.ts',
]

describe('a new operator', () => {
  // The compiler takes as long as a hundred files of tests.
  if (IS_WHOLE) {
    it('without a meaning is named by the compiler in the table alone, from which all else derives', () => {
      expect(filesNamed([NAME])).toEqual([TABLE])
    })

    it('of a new family is named in every place that reads, decides, proves or shows conditions', () => {
      expect(filesNamed([NAME, ROW, FAMILY])).toEqual(OF_A_FAMILY)
    })

    it('that compares otherwise is named in every place that orders values', () => {
      expect(filesNamed([COMPARISON])).toEqual(OF_A_COMPARISON)
    })
  }

  it('means what the table says: nobody tells it by its spelling', () => {
    const told = readdirSync(join(root, 'src'), { recursive: true, encoding: 'utf8' })
      .filter((file) => file.endsWith('.ts') && !file.startsWith('policy/operator'))
      .flatMap((file) =>
        readFileSync(join(root, 'src', file), 'utf8')
          .split('\n')
          .filter((line) => TOLD_BY_SPELLING.some((way) => way.test(line)))
          .map((line) => `${file}: ${line.trim()}`),
      )
    expect(told).toEqual([])
  })
})

const TOLD_BY_SPELLING = [
  /\boperator\.(?:startsWith|endsWith|includes|match|replace|slice|split)\(/,
  /\.(?:test|exec)\((?:\w+\.)*operator\b/,
  /\boperator [!=]== ['"`]/,
  /\bcase '(?:String|Numeric|Date|Arn|Bool|Binary|IpAddress|NotIp|Null)\w*'/,
]
