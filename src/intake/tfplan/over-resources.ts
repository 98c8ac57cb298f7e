import { isUnknown, type ResourceFacts, type StateDocument } from '../../model/index.ts'

type Resources = ReadonlyMap<string, ResourceFacts>

/** The resources that are known beside an export, with those of a plan put over them. @param other what the other side of the plan has */
export function overResources(known: Resources, own: Resources, other: Resources): Resources {
  const resources = new Map(known)
  for (const [arn, before] of other) {
    const there = resources.get(arn)
    // A policy that the plan takes away; what a function has besides is kept.
    if (there === undefined || before.policy === null) continue
    resources.set(arn, { ...there, policy: without(there.policy, before.policy, arn) })
  }
  for (const [arn, facts] of own) {
    const there = resources.get(arn)
    resources.set(
      arn,
      there === undefined
        ? facts
        : {
            ...there,
            ...facts,
            policy: joined(there.policy, facts.policy, arn),
            tags: facts.tags.size === 0 ? there.tags : facts.tags,
          },
    )
  }
  return resources
}

/** Of functions a plan has the statements that it manages, of all others whole policies. */
const isStatementwise = (arn: string): boolean => /^arn:[^:]*:lambda:/.test(arn)

function joined(there: StateDocument | null, own: StateDocument | null, arn: string): StateDocument | null {
  if (own === null || there === null || !isStatementwise(arn)) return own ?? there
  if (isUnknown(own)) return own
  if (isUnknown(there)) return there
  const sids = sidsOf(own)
  const kept = statementsOf(there).filter((each) => !sids.has(sidOf(each)))
  return kept.length === 0
    ? own
    : { json: { ...own.json, Statement: [...kept, ...statementsOf(own)] }, located: null }
}

function without(there: StateDocument | null, gone: StateDocument, arn: string): StateDocument | null {
  if (!isStatementwise(arn) || there === null) return null
  if (isUnknown(there) || isUnknown(gone)) return there
  const sids = sidsOf(gone)
  const kept = statementsOf(there).filter((each) => !sids.has(sidOf(each)))
  return kept.length === 0 ? null : { json: { ...there.json, Statement: kept }, located: null }
}

type Known = Exclude<StateDocument, { readonly unknown: unknown }>

const statementsOf = ({ json }: Known) => [json.Statement].flat()
const sidOf = ({ Sid }: { readonly Sid?: unknown }): string | null => (typeof Sid === 'string' ? Sid : null)
/** A statement without one is nobody's. */
const sidsOf = (document: Known): ReadonlySet<string | null> =>
  new Set(statementsOf(document).flatMap((each) => sidOf(each) ?? []))
