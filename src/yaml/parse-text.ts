import { errorOf } from '../diagnostics/index.ts'
import { parseJson } from './json.ts'
import { type ParsedYaml, parseYaml } from './yaml.ts'

export const isJsonFile = (file: string): boolean => /\.json$/i.test(file)

/** As many as a run shows at most (as JSON): nobody reads more of one file, and to keep each takes memory. */
const MOST_PROBLEMS = 10_000

/** A file by what its name says: `.json` is JSON, strictly; anything else YAML, in which JSON is well-formed too. */
export function parseText(file: string, text: string): ParsedYaml {
  const parsed = isJsonFile(file) ? parseJson(file, text) : parseYaml(file, text)
  const more = parsed.diagnostics.slice(MOST_PROBLEMS)
  const [next] = more
  if (next === undefined) return parsed
  const last = errorOf({
    code: 'manifest.too-many-problems',
    message: `the file has ${more.length.toLocaleString('en')} more problems, from here on`,
    help: 'mend the ones before first',
    ...(next.span === null || next.span === undefined ? {} : { span: next.span }),
  })
  return { ...parsed, diagnostics: [...parsed.diagnostics.slice(0, MOST_PROBLEMS), last] }
}
