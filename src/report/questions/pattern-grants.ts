import type { AccessEntry, UnknownAccess } from '../../access/access-entry.ts'
import type { Proof } from '../../access/analysis.ts'
import { isDeciding } from '../../access/diff/diff-of.ts'
import { type SourceTexts, sourceJson } from '../../diagnostics/index.ts'
import { type AccessContext, AccessPage } from '../access/access-page.ts'
import { ReadingBudget, sectionLines } from '../access/access-section.ts'
import { laidByTier } from '../decisions/proof-text.ts'
import { requestJson } from '../decisions/test-report.ts'
import { counted, painter, printable } from '../layout/paint.ts'
import type { TextOptions } from '../plans/plan-text.ts'

/**
 * `grants` of `who-can --json` for patterns: one for each principal and statement that grants it something.
 * `allow`: the request in it needs no context. `unknown`: a policy that isn't known has to allow it as well, or it could
 * not be decided.
 */
export function patternGrantsJson(
  { violations, unknown }: Proof,
  outside: ReadonlySet<string>,
  texts: SourceTexts,
): readonly object[] {
  const grantsIn = (entries: readonly AccessEntry[]) =>
    entries.flatMap((entry) =>
      entry.principals.map((principal) => grantJson(principal, entry, outside.has(principal), texts)),
    )
  const grants = [
    ...grantsIn(violations.filter(isDeciding)),
    ...unknown.flatMap((each) => each.principals.map((principal) => unknownJson(principal, each, texts))),
  ]
  return [
    ...grants.sort(byPrincipal),
    ...grantsIn(violations.filter((entry) => !isDeciding(entry))).sort(byPrincipal),
  ]
}

const byPrincipal = (a: { readonly principal: string }, b: { readonly principal: string }): number =>
  a.principal < b.principal ? -1 : a.principal > b.principal ? 1 : 0

function grantJson(principal: string, entry: AccessEntry, isOutside: boolean, texts: SourceTexts) {
  const { witness, conditions, policy, sid, source } = entry
  const { context } = requestJson(witness) as { readonly context: object }
  const ofSession = new Set(Object.keys(entry.sessionTags ?? {}).map((key) => `aws:principaltag/${key}`))
  // What somebody brings along is no condition; a tag that a session has to be given is.
  const given = Object.entries(context).filter(
    ([key]) => !/^aws:principal/i.test(key) || ofSession.has(key.toLowerCase()),
  )
  const isConditional = Object.keys(conditions).length > 0 || given.length > 0
  return {
    principal,
    decision: entry.isPotential || isOutside ? 'unknown' : isConditional ? 'conditional' : 'allow',
    // Root needs no policy.
    via: policy === '' ? [] : [{ layer: layerOf(policy), policy, sid, ...placeJson(source, texts) }],
    conditions: isConditional
      ? {
          when: Object.keys(conditions).length > 0 ? [conditions] : [],
          unless: [],
          example: Object.fromEntries(given),
        }
      : null,
    action: witness.action,
    resource: witness.resource,
    actions: entry.actions,
    tier: entry.tier,
  }
}

const unknownJson = (principal: string, { policy, sid, source }: UnknownAccess, texts: SourceTexts) => ({
  principal,
  decision: 'unknown',
  via: policy === '' ? [] : [{ layer: layerOf(policy), policy, sid, ...placeJson(source, texts) }],
  conditions: null,
  action: null,
  resource: null,
  actions: [],
  tier: null,
})

/** Entries name a resource whose own policy it is. */
const layerOf = (policy: string): 'identity' | 'resource' =>
  policy.startsWith('inline:') || /^arn:[^:]*:iam::[^:]*:policy\//.test(policy) ? 'identity' : 'resource'

const placeJson = (source: AccessEntry['source'], texts: SourceTexts): object =>
  source === null ? { file: null, line: null } : sourceJson(source, texts)

/** Who may do something of a form, by which statements, and an example of each. */
export function patternGrantsText(
  { action, resource }: { readonly action: string; readonly resource: string },
  { proof, outside }: { readonly proof: Proof; readonly outside: ReadonlySet<string> },
  texts: SourceTexts,
  context: AccessContext,
  { color, width }: TextOptions = { color: false },
): string {
  const { violations, unknown } = proof
  const paint = painter(color)
  const title = `${printable(action)} on ${printable(resource)}`
  if (violations.length + unknown.length === 0) return `nobody can ${title}`
  const page = new AccessPage(context, texts, paint, width)
  const principals = new Set([...violations, ...unknown].flatMap((each) => each.principals))
  return [
    `who can ${title}`,
    '',
    ...sectionLines(
      null,
      [...laidByTier(page, violations, 'gained'), ...unknown.map((each) => page.unknown(each, 'list'))],
      new ReadingBudget(Number.POSITIVE_INFINITY),
      paint,
    ),
    '',
    [
      counted(principals.size, 'principal'),
      ...(outside.size === 0 ? [] : [`${outside.size} of accounts whose own policies are not known`]),
    ].join(', '),
  ].join('\n')
}
