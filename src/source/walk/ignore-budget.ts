import ignore, { type Ignore } from 'ignore'
import { DiagnosticError, errorOf } from '../../diagnostics/index.ts'

/** One `.gitignore`, with what it costs to ask it of a path. */
export interface IgnoreFile {
  readonly rules: Ignore
  /** How many lines have so many gaps of any number of folders (two stars between slashes) in them. */
  readonly linesByGaps: ReadonlyMap<number, number>
}

/**
 * In tests of one line against one path, of some 0.3 µs each: a minute in all. A million names under a hundred lines, or a
 * hundred thousand different lines, are within it.
 */
const MOST_WORK = 200_000_000
/** To make a regular expression of a line, and to keep it, takes as much as so many tests. */
const WORK_OF_A_LINE = 1000

/** No path has as many characters as a file system takes: such a line matches nothing, and no regular expression is made of it. */
const LONGEST_LINE = 4096

/**
 * What the ignore rules of one walk may take: every name is asked of every line of the files above it, and the same file may
 * stand in any number of folders. Equal files are one.
 */
export class IgnoreBudget {
  readonly #files = new Map<string, IgnoreFile>()
  readonly #most: number
  #work = 0

  constructor(most = MOST_WORK) {
    this.#most = most
  }

  /** @throws DiagnosticError `source.too-many-ignore-rules` */
  read(gitignore: string): IgnoreFile {
    this.#spend(gitignore.length)
    const known = this.#files.get(gitignore)
    if (known !== undefined) return known
    const lines = gitignore.split('\n').filter((line) => line.length <= LONGEST_LINE)
    const linesByGaps = new Map<number, number>()
    for (const line of lines) {
      if (line.trim() === '' || line.startsWith('#')) continue
      const gaps = line.split('/**/').length - 1
      linesByGaps.set(gaps, (linesByGaps.get(gaps) ?? 0) + 1)
      this.#spend(WORK_OF_A_LINE)
    }
    const file = { rules: ignore().add(lines.join('\n')), linesByGaps }
    this.#files.set(gitignore, file)
    return file
  }

  /**
   * To be called before a path is asked about: each gap may be tried at each folder.
   * @param inside the path, relative to the file's folder
   * @throws DiagnosticError `source.too-many-ignore-rules`
   */
  ask({ linesByGaps }: IgnoreFile, inside: string): void {
    for (const [gaps, lines] of linesByGaps)
      this.#spend(gaps === 0 ? lines : lines * choices(inside.split('/').length, gaps))
  }

  #spend(work: number): void {
    this.#work += work
    if (this.#work > this.#most) throw new DiagnosticError(TOO_MANY_RULES)
  }
}

const TOO_MANY_RULES = errorOf({
  code: 'source.too-many-ignore-rules',
  message:
    'the `.gitignore` files have too many lines for as many files: more than 200 million pairs of a line and a name',
  help: 'have fewer lines in them, above all with `/**/`, or put `iam-sync.yaml` into a folder of its own',
})

/** In how many ways so many gaps can be laid along a path, at most. */
function choices(folders: number, gaps: number): number {
  let ways = 1
  for (let gap = 1; gap <= gaps; gap++) ways *= (folders + gap) / gap
  return ways
}
