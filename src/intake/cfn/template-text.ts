import {
  DiagnosticError,
  entryOf,
  errorOf,
  type Located,
  plainOf,
  type SourceTexts,
  type Span,
} from '../../diagnostics/index.ts'
import { parseJson } from '../../yaml/json.ts'
import { TEMPLATES } from '../../yaml/template-dialect.ts'
import { parseYaml } from '../../yaml/yaml.ts'

/**
 * A template as a tree, from JSON or YAML. What is kept of its text for showing places has `*` in place of secrets.
 * @throws DiagnosticError `intake.template-too-large`; `manifest.yaml-…` and the like, at the place
 * @returns undefined: there is nothing in it
 */
export function templateTree(file: string, text: string, texts: SourceTexts): Located | undefined {
  if (text.length > MOST_CHARACTERS)
    throw new DiagnosticError(
      errorOf({
        code: 'intake.template-too-large',
        message: `\`${file}\` has more than ${MOST_CHARACTERS.toLocaleString('en')} characters, and a template has a million at most`,
        help: 'is it the right file?',
      }),
    )
  const parsed =
    /^\ufeff?\s*\{/.test(text) && isJson(text) ? parseJson(file, text) : parseYaml(file, text, TEMPLATES)
  const [root] = parsed.roots
  if (parsed.diagnostics.length > 0) {
    texts.add(file, masked(text, unparsedSecrets(text)))
    throw new DiagnosticError(parsed.diagnostics.slice(0, MOST_PROBLEMS))
  }
  texts.add(file, masked(text, root === undefined ? [] : secretsIn(root)))
  return root
}

const MOST_PROBLEMS = 100

/** Some times what CloudFormation takes. @see AWS CloudFormation User Guide, "Understand CloudFormation quotas": template body size */
const MOST_CHARACTERS = 10_000_000

/** Maps of YAML in one line begin with a brace, too: with a key that needs no quotes, or with a short form in it. */
const isJson = (text: string): boolean => /^\ufeff?\s*\{\s*(?:"|\}|$)/.test(text) && !/:\s*!\w/.test(text)

type Range = Pick<Span, 'start' | 'end'>

/** The same length, so that offsets stand. */
function masked(text: string, ranges: readonly Range[]): string {
  if (ranges.length === 0) return text
  const pieces: string[] = []
  let at = 0
  for (const { start, end } of [...ranges].sort((a, b) => a.start - b.start)) {
    if (end <= at) continue
    const from = Math.max(at, start)
    pieces.push(text.slice(at, from), text.slice(from, end).replace(/[^\r\n]/g, '*'))
    at = end
  }
  return pieces.join('') + text.slice(at)
}

/** Keys whose values are secrets, wherever they stand. */
const SECRET_KEYS =
  /^(?:.*password.*|.*passphrase.*|.*secret|secretstring|.*secretkey|.*secretaccesskey|.*token|.*privatekey|userdata|keymaterial|authparameters|environment|.*credentials|licensekey|.*apikey|default)$/i

/**
 * All values that may be secrets: of parameters with `NoEcho` what they are without an argument, elsewhere what is called so.
 * Policies are shown whole: what is secret in one is no policy.
 */
function secretsIn(root: Located): readonly Range[] {
  const found: Range[] = []
  const visited = new Set<Located>()
  const visit = (node: Located): void => {
    if (node.kind === 'scalar' || visited.has(node)) return
    visited.add(node)
    if (node.kind === 'list') {
      for (const item of node.items) visit(item)
      return
    }
    for (const { key, value } of node.entries) {
      if (key === 'Default' ? isNoEcho(node) : key !== 'default' && isSecretKey(key)) found.push(value)
      else if (!/^(?:PolicyDocument|AssumeRolePolicyDocument|KeyPolicy|ResourcePolicy|Policies)$/.test(key))
        visit(value)
    }
  }
  visit(root)
  return found
}

const isSecretKey = (key: string): boolean => SECRET_KEYS.test(key)

/** Whether a parameter is a secret: what isn't plainly none is one. */
export function isNoEcho(parameter: Located): boolean {
  const entry = entryOf(parameter, 'NoEcho')
  return entry !== null && !/^(?:false|no|off|0|)$/i.test(String(plainOf(entry.value)))
}

/**
 * Of a text that can't be read: what follows each key that may be one of a secret, up to the next line that begins with a key
 * indented no deeper.
 */
function unparsedSecrets(text: string): readonly Range[] {
  const ranges: Range[] = []
  let covered = 0
  for (const match of text.matchAll(/["']?([\w-]{1,100})["']?\s{0,100}:/g)) {
    if (match.index < covered || !isSecretKey(match[1] ?? '')) continue
    const start = match.index + match[0].length
    const line = text.lastIndexOf('\n', match.index) + 1
    const indent = /^[ \t-]*/.exec(text.slice(line, match.index))?.[0].length ?? 0
    const next = new RegExp(`\\n[ \\t-]{0,${Math.min(indent, 1000)}}["']?[\\w:-]+["']?\\s*:`, 'g')
    next.lastIndex = start
    covered = next.exec(text)?.index ?? text.length
    ranges.push({ start, end: covered })
  }
  return ranges
}
