// Whole processes: how long somebody waits for one, and what it takes of the processor.
import { spawnSync } from 'node:child_process'

/** Bash tells what its children took, to the millisecond. */
const TIMED = '"$@"; status=$?; times >&3; exit "$status"'
const hasBash = spawnSync('bash', ['-c', ':']).status === 0

/** @returns milliseconds of the second line of `times`: user and system, of the children */
function spentIn(times) {
  const parts = [...(times.split('\n')[1] ?? '').matchAll(/(\d+)m([\d.]+)s/g)]
  return parts.reduce(
    (sum, [, minutes, seconds]) => sum + 60_000 * Number(minutes) + 1000 * Number(seconds),
    0,
  )
}

/**
 * Runs Node with some arguments to its end.
 * @returns `milliseconds` from start to end, `spent`: milliseconds of processor time (null where there is no Bash), `stdout`
 * @throws Error when the exit code isn't 0
 */
export function runNode(args, { cwd, env = {} }) {
  const [file, all] = hasBash
    ? ['bash', ['-c', TIMED, 'bash', process.execPath, ...args]]
    : [process.execPath, args]
  const start = performance.now()
  const { status, stdout, stderr, output } = spawnSync(file, all, {
    cwd,
    encoding: 'utf8',
    maxBuffer: 1 << 28,
    env: { ...process.env, NO_COLOR: '1', ...env },
    stdio: ['ignore', 'pipe', 'pipe', 'pipe'],
  })
  const milliseconds = performance.now() - start
  if (status !== 0)
    throw new Error(
      `\`${args.slice(1, 3).join(' ')}\` ended with ${status}\n${stderr.slice(-2000)}${stdout.slice(-2000)}`,
    )
  return { milliseconds, spent: hasBash ? spentIn(output[3] ?? '') : null, stdout }
}

/** @returns milliseconds of each run, and in `spent` of processor time, where all of them have it */
export function timesOf(runs) {
  const values = runs.map(({ milliseconds }) => milliseconds)
  return runs.every(({ spent }) => spent !== null)
    ? Object.assign(values, { spent: runs.map(({ spent }) => spent) })
    : values
}
