import type { KnownNames } from '../../catalog/known-names.ts'
import {
  type Diagnostic,
  entryOf,
  errorOf,
  type Located,
  type Span,
  spanOf,
} from '../../diagnostics/index.ts'
import type { Project, QuestionNames } from '../../manifest/desired.ts'
import { parseArn } from '../../model/index.ts'
import { actionKeyProblem } from './actions/action-keys.ts'
import { actionProblem } from './actions/action-names.ts'
import { actionResourceProblem } from './actions/action-resources.ts'
import { askedPrincipalProblem, askedResourceProblem } from './asked-names.ts'
import { keyProblem } from './keys/key-names.ts'
import { requestValueProblem } from './keys/value-kinds.ts'
import type { NameProblem } from './name-problem.ts'
import { partitionsOf } from './partition-names.ts'

/** Whether a project has a test or an invariant: without one no catalogue need be read. */
export const hasQuestions = ({ accounts }: Pick<Project, 'accounts'>): boolean =>
  accounts.some(({ questions }) => questions.length > 0)

/**
 * Names in tests and invariants that nothing is known by. Whoever asks about such an action gets "nobody may" for ever, so
 * each is an error, unless the question says that it is meant.
 */
export function questionNameErrors(
  project: Pick<Project, 'accounts' | 'resources'>,
  known: KnownNames,
): readonly Diagnostic[] {
  const seen = new Set<string>()
  const { accounts } = project
  const partitions: Partitions = {
    all: partitionsOf(project),
    ofAccounts: new Map(accounts.map(({ account }) => [account.id, account.partition])),
  }
  return accounts
    .flatMap(({ questions }) => questions.flatMap((names) => problemsIn(names, partitions, known)))
    .filter(({ code, span }) => {
      // Accounts may share a file.
      const place = `${code} ${span?.file}:${span?.start}`
      if (seen.has(place)) return false
      seen.add(place)
      return true
    })
}

interface Partitions {
  readonly all: ReadonlySet<string>
  /** By id. */
  readonly ofAccounts: ReadonlyMap<string, string>
}

type Found = readonly [span: Span, problem: NameProblem | null]

function problemsIn(
  { unknown, node }: QuestionNames,
  partitions: Partitions,
  known: KnownNames,
): readonly Diagnostic[] {
  if (unknown === 'allowed') return []
  const partitionsFor = (principal: string) => {
    const own = partitions.ofAccounts.get(parseArn(principal)?.account ?? '')
    return own === undefined ? partitions.all : new Set([own])
  }
  const actions = textsAt(node, 'action').map(([text]) => text)
  const resources = textsAt(node, 'resource').map(
    ([text, span]) => [text, span, askedResourceProblem(text, known, partitions.all)] as const,
  )
  // Of what is mistyped nobody knows what is on it.
  const onThese = resources.some(([, , problem]) => problem !== null) ? [] : resources.map(([text]) => text)
  const found: readonly Found[] = [
    ...textsAt(node, 'action').map(
      ([text, span]): Found => [
        span,
        actionProblem(text, known) ?? actionResourceProblem(text, onThese, known),
      ],
    ),
    ...resources.map(([, span, problem]): Found => [span, problem]),
    ...['principal', 'onlyPrincipals', 'neverPrincipals'].flatMap((key) =>
      textsAt(node, key).map(
        ([text, span]): Found => [span, askedPrincipalProblem(text, known, partitionsFor(text))],
      ),
    ),
    ...contextProblems(entryOf(node, 'context')?.value, actions, known),
  ]
  return found.flatMap(([span, problem]) =>
    problem === null
      ? []
      : [
          errorOf({
            ...problem,
            help: `${problem.help} (what is newer than the catalogue: \`allowUnknown: true\`)`,
            span,
          }),
        ],
  )
}

function contextProblems(
  context: Located | undefined,
  actions: readonly string[],
  known: KnownNames,
): readonly Found[] {
  if (context?.kind !== 'map') return []
  return context.entries.flatMap(({ key, keySpan, value }): readonly Found[] => {
    const problem = keyProblem(key, known) ?? actionKeyProblem(key, actions, known)
    return problem !== null
      ? [[spanOf(keySpan), problem]]
      : textsOf(value).map(([text, span]): Found => [span, requestValueProblem(key, text, known)])
  })
}

/** What stands at a key of a question, one text or several. */
export const textsAt = (node: Located, key: string): readonly (readonly [text: string, span: Span])[] => {
  const value = entryOf(node, key)?.value
  return value === undefined ? [] : textsOf(value)
}

const textsOf = (value: Located): readonly (readonly [text: string, span: Span])[] =>
  (value.kind === 'list' ? value.items : [value]).flatMap((item) =>
    item.kind === 'scalar' && item.value !== null ? [[String(item.value), spanOf(item)] as const] : [],
  )
