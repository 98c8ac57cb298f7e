import { createHash } from 'node:crypto'
import type { Annotation } from './forge.ts'

const SEVERITIES = { notice: 'minor', warning: 'major', failure: 'critical' } as const

/**
 * What is said of lines, as a report of GitLab's Code Quality. A fingerprint stays when lines move: it is of the file and of what is
 * said, and of which it is where the same is said of several lines.
 * @see GitLab, "Code Quality": report format
 */
export function codeQualityReport(annotations: readonly Annotation[]): string {
  const seen = new Map<string, number>()
  const problems = annotations.map(({ path, start, end, level, title, message }) => {
    const said = JSON.stringify([path, level, title, message])
    const before = seen.get(said) ?? 0
    seen.set(said, before + 1)
    return {
      description: title,
      check_name: `iam-sync ${level}`,
      fingerprint: createHash('sha256').update(`${before} ${said}`).digest('hex'),
      severity: SEVERITIES[level],
      location: { path, lines: { begin: start, end } },
    }
  })
  return `${JSON.stringify(problems, null, 2)}\n`
}
