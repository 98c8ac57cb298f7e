import { longestRun, safeInCode } from './inline.ts'

/**
 * Text that no Markdown is read in. The fence is longer than any run of backticks in it, so that nothing in it can end it.
 * @param info what GitHub and GitLab colour it as: `diff`; empty: nothing
 */
export function fenced(lines: readonly string[], info = ''): string {
  const safe = lines.map(safeInCode).join('\n')
  const fence = '`'.repeat(Math.max(3, longestRun(safe) + 1))
  return `${fence}${info}\n${safe}\n${fence}`
}
