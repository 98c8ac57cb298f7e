import { spawnSync } from 'node:child_process'
import { chmodSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const script = fileURLToPath(new URL('../scripts/release.mjs', import.meta.url))
const whole = spawnSync('sh', ['-c', 'command -v npm'], { encoding: 'utf8' }).stdout.trim()

/**
 * A release with an npm whose own scripts end with a code each, and which is the real one for the rest.
 * @param workplace a folder that is there
 */
export function releaseIn(
  workplace: string,
  name: string,
  codes: Readonly<Record<'check' | 'test', number>>,
) {
  const bin = join(workplace, name, 'bin')
  const log = join(workplace, name, 'log')
  const folder = join(workplace, name, 'release')
  mkdirSync(bin, { recursive: true })
  writeFileSync(log, '')
  writeFileSync(
    join(bin, 'npm'),
    `#!/bin/sh
echo "$*" >> '${log}'
case "$*" in
  "run check") exit ${codes.check} ;;
  "run test") exit ${codes.test} ;;
esac
exec '${whole}' "$@"
`,
  )
  chmodSync(join(bin, 'npm'), 0o755)
  const run = () =>
    spawnSync(process.execPath, [script, folder], {
      cwd: workplace,
      encoding: 'utf8',
      timeout: 240_000,
      env: { ...process.env, PATH: `${bin}${delimiter}${process.env.PATH}` },
    })
  const asked = () => readFileSync(log, 'utf8').trimEnd().split('\n')
  return { run, asked, folder }
}
