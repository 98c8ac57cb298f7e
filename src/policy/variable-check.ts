// biome-ignore-all lint/suspicious/noTemplateCurlyInString: IAM's variables look like template placeholders
import { nearest } from '../diagnostics/suggest.ts'
import { doubtful, malformed, type Parsing, type Place, spanOfPlace } from './parsing.ts'
import { splitVariables, type VariableError } from './variables.ts'

/** Checks the `${…}` of a text in which they are substituted: `Resource`, `NotResource`, string and ARN conditions. */
export function checkVariables(parsing: Parsing, text: string, place: Place): void {
  if (!text.includes('${')) return
  if (!parsing.substitutes) {
    if (parsing.saidLiteral) return
    parsing.saidLiteral = true
    doubtful(parsing, {
      code: 'policy.variable-without-version',
      message: `\`${text}\` holds a variable, but without \`Version: "2012-10-17"\` it is literal text`,
      help: 'add `Version: "2012-10-17"` to the document',
      span: spanOfPlace(place),
    })
    return
  }
  const split = splitVariables(text)
  if (split.error !== null) {
    malformed(parsing, {
      code: 'policy.variable-syntax',
      message: `${PROBLEMS[split.error.problem]} in \`${text}\``,
      help: HELP[split.error.problem],
      span: spanOfPlace(place),
    })
    return
  }
  for (const part of split.parts)
    if (part.kind === 'variable' && !part.name.includes(':'))
      doubtful(parsing, {
        code: 'policy.variable-unknown',
        message: `\`\${${part.name}}\` names no condition key, so it never has a value`,
        help: suggestion(part.name),
        span: spanOfPlace(place),
      })
}

const PROBLEMS: Readonly<Record<VariableError['problem'], string>> = {
  unclosed: 'a variable is not closed',
  empty: 'a variable has no name',
  name: 'a variable has a character in its name that none can have',
  default: "a variable's default is not in single quotes",
}

const HELP: Readonly<Record<VariableError['problem'], string>> = {
  unclosed: 'close it with `}`, or write `${$}` for a dollar sign before a brace',
  empty: 'write the name of a condition key, as in `${aws:username}`',
  name: 'write the name of a condition key, as in `${aws:username}`; `${*}`, `${?}` and `${$}` are the characters',
  default: "write it as `${aws:PrincipalTag/team, 'none'}`",
}

const COMMON_VARIABLES = ['aws:username', 'aws:userid', 'aws:PrincipalAccount', 'aws:PrincipalArn']

function suggestion(name: string): string {
  const match =
    nearest(`aws:${name}`, COMMON_VARIABLES) ?? COMMON_VARIABLES.find((known) => known === `aws:${name}`)
  return match === undefined || match === null
    ? 'write the whole name of a condition key, as in `${aws:username}`'
    : `did you mean \`\${${match}}\`?`
}
