import type { ErrorCode, YAMLError } from 'yaml'
import { type Diagnostic, errorOf, type Span } from '../diagnostics/index.ts'

interface Wording {
  readonly code: string
  /** null: the parser's own words, which name a character or a token. */
  readonly message: string | null
  readonly help: string
}

const INDENT_HELP = 'entries of one map or list start in the same column; indent with spaces'

/** Each error of the `yaml` package in our words. Closed: a new code of the package is a type error here. */
const WORDINGS: Readonly<Record<ErrorCode, Wording>> = {
  ALIAS_PROPS: {
    code: 'manifest.yaml-alias-properties',
    message: 'an alias takes neither an anchor nor a tag',
    help: 'put the anchor (`&name`) on the value that the alias stands for',
  },
  BAD_ALIAS: {
    code: 'manifest.yaml-bad-alias',
    message: 'this is not the name of an anchor',
    help: 'an alias is `*name`, after an anchor `&name` further up; quote a text that begins with `*`',
  },
  BAD_COLLECTION_TYPE: {
    code: 'manifest.yaml-bad-tag',
    message: 'this tag does not fit the value after it',
    help: 'remove the tag',
  },
  BAD_DIRECTIVE: {
    code: 'manifest.yaml-bad-directive',
    message: null,
    help: 'remove the line that begins with `%`',
  },
  BAD_DQ_ESCAPE: {
    code: 'manifest.yaml-bad-escape',
    message: null,
    help: 'write `\\\\` for a backslash, or use single quotes, in which nothing is escaped',
  },
  BAD_INDENT: { code: 'manifest.yaml-bad-indent', message: null, help: INDENT_HELP },
  BAD_PROP_ORDER: {
    code: 'manifest.yaml-bad-property',
    message: 'an anchor or a tag stands in the wrong place',
    help: 'write it between the key and its value: `key: &name value`',
  },
  BAD_SCALAR_START: {
    code: 'manifest.yaml-bad-start',
    message: null,
    help: 'quote the text: "..."',
  },
  BLOCK_AS_IMPLICIT_KEY: {
    code: 'manifest.yaml-nested-key',
    message: 'a second `key:` in the same line',
    help: 'quote the value if it holds a colon and a space, or begin the nested map in a line of its own',
  },
  BLOCK_IN_FLOW: {
    code: 'manifest.yaml-block-in-flow',
    message: 'an indented list or map inside `[ ]` or `{ }`',
    help: 'use brackets within brackets: `[a, b]`, `{ key: value }`',
  },
  DUPLICATE_KEY: {
    code: 'manifest.yaml-duplicate-key',
    message: 'a key twice in one map',
    help: 'remove one of the two',
  },
  IMPOSSIBLE: {
    code: 'manifest.yaml-syntax',
    message: 'the YAML can not be read',
    help: 'check the lines around this place',
  },
  KEY_OVER_1024_CHARS: {
    code: 'manifest.yaml-long-key',
    message: 'a key of more than 1024 characters',
    help: 'check for a missing line break or closing quote',
  },
  MISSING_CHAR: {
    code: 'manifest.yaml-missing-character',
    message: null,
    help: 'add the missing character',
  },
  MULTILINE_IMPLICIT_KEY: {
    code: 'manifest.yaml-multiline-key',
    message: 'a key runs over more than one line',
    help: INDENT_HELP,
  },
  MULTIPLE_ANCHORS: {
    code: 'manifest.yaml-bad-property',
    message: 'a value with two anchors',
    help: 'keep one of them',
  },
  MULTIPLE_DOCS: {
    code: 'manifest.yaml-multiple-documents',
    message: 'more than one YAML document in this file',
    help: 'remove the `---` line',
  },
  MULTIPLE_TAGS: {
    code: 'manifest.yaml-bad-property',
    message: 'a value with two tags',
    help: 'remove the tags',
  },
  NON_STRING_KEY: {
    code: 'manifest.yaml-key-not-text',
    message: 'a key that is a list or a map',
    help: 'keys are text',
  },
  RESOURCE_EXHAUSTION: {
    code: 'manifest.yaml-too-deep',
    message: 'lists or maps are nested too deeply',
    help: 'no manifest needs more than 100 levels',
  },
  TAB_AS_INDENT: {
    code: 'manifest.yaml-tab',
    message: 'a tab in the indentation',
    help: 'YAML is indented with spaces',
  },
  TAG_RESOLVE_FAILED: {
    code: 'manifest.yaml-unknown-tag',
    message: null,
    help: 'remove the tag: a value says what it is by itself',
  },
  UNEXPECTED_TOKEN: {
    code: 'manifest.yaml-unexpected',
    message: null,
    help: 'quote the text if it holds `: `, ` #`, brackets or quotes; else check the line before',
  },
}

/** An error (or a warning: none of them is harmless here) of the `yaml` package as a diagnostic. */
export function yamlDiagnostic(error: YAMLError, span: Span): Diagnostic {
  const { code, message, help } = WORDINGS[error.code]
  return errorOf({ code, message: message ?? inOurWords(error.message), help, span })
}

/** What the parser calls a token, in words. */
const TOKENS: Readonly<Record<string, string>> = {
  'double-quoted-scalar': 'text in double quotes',
  'single-quoted-scalar': 'text in single quotes',
  'flow-map-start': '`{`',
  'flow-map-end': '`}`',
  'flow-seq-start': '`[`',
  'flow-seq-end': '`]`',
  'map-value-ind': '`:`',
  'seq-item-ind': '`-`',
  'explicit-key-ind': '`?`',
  comma: '`,`',
  alias: 'alias',
  anchor: 'anchor',
  tag: 'tag',
}

/** Lowercase start, no final period, the user's text in backticks. */
function inOurWords(message: string): string {
  const line = message.split('\n', 1)[0] ?? ''
  const text = line
    .replace(/^Missing closing (.)quote$/, 'missing closing `$1`')
    .replace(/^Unresolved tag: (.*)$/, 'unknown tag `$1`')
    .replace(/^(Invalid escape sequence) (.*)$/, '$1 `$2`')
    .replace(/reserved character (.)$/, 'reserved character `$1`')
    .replace(/^Unexpected [\w-]+ at node end$/, 'something follows a value that has ended')
    .replace(/^Unexpected [\w-]+ token in YAML stream: "(.*)"$/, 'unexpected `$1`')
    .replace(/^Unexpected ([\w-]+) token$/, (_, token: string) => `unexpected ${TOKENS[token] ?? 'text'}`)
    .replace(/[.:]$/, '')
  return text.charAt(0).toLowerCase() + text.slice(1)
}
