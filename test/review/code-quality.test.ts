import { describe, expect, it } from 'vitest'
import { codeQualityReport } from '../../src/review/code-quality.ts'
import type { Annotation } from '../../src/review/forge.ts'

const NOTE: Annotation = {
  path: 'iam/people.yaml',
  start: 3,
  end: 3,
  level: 'warning',
  title: 'user/alice: may delete',
  message: 'may delete',
}

const problemsOf = (...notes: readonly Partial<Annotation>[]) =>
  JSON.parse(codeQualityReport(notes.map((note) => ({ ...NOTE, ...note }))))
const fingerprintsOf = (...notes: readonly Partial<Annotation>[]) =>
  problemsOf(...notes).map(({ fingerprint }: { fingerprint: string }) => fingerprint)

// GitLab, "Code Quality": description, check_name, fingerprint, severity, location.path, location.lines.begin.
describe("a report of GitLab's Code Quality", () => {
  it('has of each note what GitLab reads, and is a list where there is none', () => {
    expect(problemsOf({})).toEqual([
      {
        description: 'user/alice: may delete',
        check_name: 'iam-sync warning',
        fingerprint: expect.stringMatching(/^[0-9a-f]{64}$/),
        severity: 'major',
        location: { path: 'iam/people.yaml', lines: { begin: 3, end: 3 } },
      },
    ])
    expect(JSON.parse(codeQualityReport([]))).toEqual([])
    const levels = (['notice', 'warning', 'failure'] as const).map((level) => ({ level }))
    expect(problemsOf(...levels).map(({ severity }: { severity: string }) => severity)).toEqual([
      'minor',
      'major',
      'critical',
    ])
  })

  it('knows a note again whose line has moved, and tells all others apart', () => {
    expect(fingerprintsOf({ start: 9, end: 9 })).toEqual(fingerprintsOf({}))
    const all = fingerprintsOf(
      {},
      {},
      { path: 'iam/b.yaml' },
      { title: 'x' },
      { message: 'y' },
      { level: 'failure' },
    )
    expect(new Set(all).size).toBe(6)
  })

  it('is JSON whatever names say', () => {
    const title = '"],"x":[{ <script>@all #1 \\ \u2028 😀'
    expect(problemsOf({ title })[0].description).toBe(title)
  })
})
