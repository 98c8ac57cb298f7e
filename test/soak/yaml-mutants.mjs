// Mutates project files and manifests (bytes, lines, structure) and validates what comes out: it is valid, or errors with codes
// and places say why. Never a defect of ours, and never the end of the process. Every tenth is planned too.
// node test/soak/yaml-mutants.mjs [COUNT] [SEED]
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { randomSource } from '../../bench/random.mjs'
import { runHere } from './run-here.mjs'

const [, , count = '4000', seed = '1'] = process.argv
const examples = fileURLToPath(new URL('../../examples', import.meta.url))

/** Examples that are one folder of YAML each: path → text. */
const PROJECTS = readdirSync(examples, { withFileTypes: true })
  .filter((entry) => entry.isDirectory())
  .map(({ name }) => {
    const folder = join(examples, name)
    const files = readdirSync(folder, { recursive: true, encoding: 'utf8' })
      .filter((path) => /\.(ya?ml|json)$/.test(path) && !/(^|[/\\])\./.test(path))
      .map((path) => [path.replaceAll('\\', '/'), readFileSync(join(folder, path), 'utf8')])
    return new Map(files)
  })
  .filter((files) => files.has('iam-sync.yaml'))

const TOKENS = [
  ...[
    '{',
    '}',
    '[',
    ']',
    ':',
    '- ',
    '? ',
    '&a ',
    '*a',
    '!!str ',
    '|\n',
    '>-\n',
    '"',
    "'",
    '#',
    '---\n',
    '...\n',
    '%',
  ],
  ...[
    '{{ account.id }}',
    '{{',
    '${',
    '__proto__',
    'constructor',
    '<<: *a\n',
    '\t',
    '\r',
    '\u0000',
    '\u202e',
    '\ufeff',
    '\u2028',
  ],
  ...[
    'null',
    'true',
    '~',
    '0x10',
    '1e999',
    '-0',
    '.nan',
    '2026-01-01',
    '111122223333',
    '',
    ' ',
    '\n',
    '*',
    '?',
  ],
  ...['arn:aws:iam::111122223333:user/x', 'Allow', 'Principal: "*"', 'Condition: { StringEquals: {} }'],
]

function mutated(text, { below, chance, pick, between }) {
  let result = text
  for (let times = between(1, 4); times > 0; times--) {
    const at = below(result.length + 1)
    const lines = result.split('\n')
    switch (below(9)) {
      case 0:
        result = result.slice(0, at) + pick(TOKENS) + result.slice(at)
        break
      case 1:
        result = result.slice(0, at) + result.slice(at + between(1, 12))
        break
      case 2:
        lines.splice(below(lines.length), between(1, 3))
        result = lines.join('\n')
        break
      case 3:
        lines.splice(below(lines.length), 0, lines[below(lines.length)] ?? '')
        result = lines.join('\n')
        break
      case 4: {
        const line = below(lines.length)
        lines[line] = `${' '.repeat(below(7))}${(lines[line] ?? '').trimStart()}`
        result = lines.join('\n')
        break
      }
      case 5: {
        // A value in place of another.
        const words = result.match(/[\w:*/.-]+/g) ?? ['x']
        result = result.replace(pick(words), chance(0.5) ? pick(words) : pick(TOKENS))
        break
      }
      case 6:
        result =
          result.slice(0, at) + String.fromCharCode(below(chance(0.8) ? 128 : 0xd800)) + result.slice(at + 1)
        break
      case 7:
        result = result.slice(0, at)
        break
      case 8: {
        const from = below(result.length + 1)
        result = result.slice(0, at) + result.slice(from, from + between(1, 200)) + result.slice(at)
        break
      }
    }
  }
  return result
}

const folder = mkdtempSync(join(tmpdir(), 'iam-sync-mutants-'))
const outcomes = { valid: 0, refused: 0, failed: 0 }
try {
  for (let number = Number(seed); number < Number(seed) + Number(count); number++) {
    const random = randomSource(number)
    const project = random.pick(PROJECTS)
    const name = random.pick([...project.keys()])
    rmSync(folder, { recursive: true, force: true })
    for (const [path, text] of project) {
      mkdirSync(join(folder, path, '..'), { recursive: true })
      writeFileSync(join(folder, path), path === name ? mutated(text, random) : text)
    }
    const command = number % 10 === 0 ? 'plan' : 'validate'
    const outcome = await runHere(command, folder, '--json')
    const codes = outcome.diagnostics.map(({ code }) => code)
    const noPlace = outcome.diagnostics.filter(
      ({ severity, code, file }) =>
        severity === 'error' &&
        file === null &&
        code.startsWith('manifest.') &&
        code !== 'manifest.no-project-file',
    )
    const isWrong =
      codes.includes('internal') ||
      noPlace.length > 0 ||
      (outcome.code === 0) !== !outcome.diagnostics.some(({ severity }) => severity === 'error')
    // A plan of a sound project may be stopped by its own checks.
    if (isWrong && !(command === 'plan' && [3, 4].includes(outcome.code) && !codes.includes('internal'))) {
      outcomes.failed++
      console.error(
        `FAILED ${number} (${name}): exit ${outcome.code}, ${JSON.stringify(outcome.diagnostics[0])}`,
      )
    } else outcomes[outcome.code === 0 ? 'valid' : 'refused']++
  }
} finally {
  rmSync(folder, { recursive: true, force: true })
}
console.log(JSON.stringify(outcomes))
process.exitCode = outcomes.failed === 0 ? 0 : 1
