import { printable } from '../../report/layout/paint.ts'
import { principalsText } from '../../report/questions/principals-text.ts'
import { isOfCredential } from '../../report/review/change-sections.ts'
import { PLAIN, type SectionEntries } from '../../report/review/entry.ts'
import { isOutsider } from '../../report/review/outsiders.ts'
import type { Review, ReviewAccount, ReviewEntry } from '../../report/review/review.ts'
import { inReadingOrder } from '../../report/review/sections.ts'
import { principalCount, verdictOf } from '../../report/review/verdict.ts'
import type {
  RecordedAccess,
  RecordedDiagnostic,
  RecordedEntry,
  RecordedPart,
  RecordedPlan,
  RecordedResult,
  RecordedWeakened,
} from './recorded-result.ts'

/** Of a result that was printed as JSON what a reviewer reads. Texts in it are shown, and none of them is believed to be ours. */
export function recordedReview({ parts, weakened, diagnostics }: RecordedResult): Review {
  const sections = inReadingOrder([
    ...parts.map(partSections),
    { weakened: weakened.map(weakenedEntry) },
    said(diagnostics),
  ])
  const errors = diagnostics.filter(({ severity }) => severity === 'error').length
  const untold = parts.filter(({ access }) => access === null).length
  return {
    verdict: verdictOf(
      [namesIn(parts), ...parts.map(deletesIn), ...parts.map(credentialsIn), { weakened: weakened.length }],
      sections,
      [
        ...(errors > 0 ? [`${errors} ${errors === 1 ? 'error' : 'errors'}`] : []),
        ...(untold > 0 ? ['whose access changes is not known'] : []),
      ],
      nothingIn(parts, errors),
    ),
    commit: null,
    heads: parts.flatMap(({ plan }) => (plan === null ? [] : [headOf(plan)])),
    sections,
  }
}

/** What is said where nothing is counted. Of a run that ended before it had a plan, nothing is known to be left alone. */
function nothingIn(parts: readonly RecordedPart[], errors: number): string {
  if (parts.length === 0 && errors > 0) return 'failed'
  return parts.some(({ plan }) => plan !== null && plan.changes.length === 0)
    ? 'no changes'
    : 'no access changes'
}

const isDeciding = ({ tier }: RecordedEntry): boolean => tier === 'typed'

const isDeletion = ({ action }: RecordedPlan['changes'][number]): boolean =>
  action === 'delete' || action === 'replace'

/** What has no effect is not told apart: for that it takes the plan. */
const deletesIn = ({ plan }: RecordedPart) => ({ deletes: plan?.changes.filter(isDeletion).length ?? 0 })

const credentialsIn = ({ plan }: RecordedPart) => ({
  credentials: plan?.changes.filter(isOfCredential).length ?? 0,
})

/** Who gains something in two accounts is one. */
function namesIn(parts: readonly RecordedPart[]) {
  const all = parts.flatMap(({ access }) => access ?? [])
  return {
    gain: principalCount(all.flatMap(({ gained }) => gained.filter(isDeciding))),
    loses: principalCount(all.flatMap(({ lost }) => lost.filter(isDeciding))),
    unknown: principalCount(all.flatMap(unknownOf)),
  }
}

/** Access that isn't known, and ways to more power that aren't. */
const unknownOf = ({ unknown, unknownEscalations = [] }: RecordedAccess): RecordedAccess['unknown'] => [
  ...unknown,
  ...unknownEscalations,
]

const headOf = ({ account, digest, against }: RecordedPlan): Review['heads'][number] => ({
  account: shownAccount(account),
  digest: printable(digest),
  against:
    against === null || against === undefined
      ? null
      : { ref: printable(against.ref), commit: printable(against.commit) },
})

const shownAccount = ({ id, name }: ReviewAccount): ReviewAccount => ({
  id: printable(id),
  name: printable(name),
})

function partSections({ account: given, plan, access }: RecordedPart): SectionEntries {
  const account = given === null ? null : shownAccount(given)
  return {
    ...(access === null ? {} : accessSections(access, account)),
    deletes: (plan?.changes ?? [])
      .filter(isDeletion)
      .map((change) => changeEntry(change, account, { sign: '-', style: 'removed' })),
    changes: (plan?.changes ?? []).map((change) => changeEntry(change, account, SIGNS[change.action])),
  }
}

const SIGNS = {
  create: { sign: '+', style: 'added' },
  update: { sign: '~', style: 'changed' },
  delete: { sign: '-', style: 'removed' },
  replace: { sign: '±', style: 'replaced' },
} as const

function accessSections(access: RecordedAccess, account: ReviewAccount | null): SectionEntries {
  const { gained, lost, escalations } = access
  const isOutside = (principal: string): boolean =>
    account !== null && isOutsider(principal, { id: account.id, partition: 'aws' })
  const deciding = gained.filter(isDeciding)
  const more = { sign: '+', style: 'added' } as const
  const less = { sign: '-', style: 'removed' } as const
  return {
    escalations: escalations.map((each) => ({
      ...accessEntry(each, account, { sign: '!', style: 'removed' }),
      short: printable(
        `${each.severity}: ${each.rule}${each.target === null ? '' : `, to ${each.target}`}${each.why === null || each.why === undefined ? '' : `: ${each.why}`}`,
      ),
      severity: each.severity,
      merge: { rule: each.rule, target: each.target ?? '' },
    })),
    outside: deciding.flatMap((each) => accessEntries(each, account, more, isOutside)),
    unknown: unknownOf(access).map(({ principals, direction, reason, policy, source }) => ({
      ...PLAIN,
      sign: '?',
      style: 'changed',
      account,
      who: shownPrincipals(principals),
      short: `may have ${direction} access, which is not known: ${printable(reason)}`,
      merge: { rule: reason, target: policy ?? '' },
      principals,
      place: placeOf(source),
    })),
    gains: deciding.flatMap((each) =>
      accessEntries(each, account, more, (principal) => !isOutside(principal)),
    ),
    losses: lost.filter(isDeciding).map((each) => accessEntry(each, account, less)),
    undeciding: [
      ...gained.filter((each) => !isDeciding(each)).map((each) => accessEntry(each, account, more)),
      ...lost.filter((each) => !isDeciding(each)).map((each) => accessEntry(each, account, less)),
    ],
  }
}

type Signed = Pick<ReviewEntry, 'sign' | 'style'>

/** Of those of its principals that are meant; of policies that anybody may hold there are none to tell apart. */
function accessEntries(
  entry: RecordedEntry,
  account: ReviewAccount | null,
  signed: Signed,
  isMeant: (principal: string) => boolean,
): readonly ReviewEntry[] {
  const principals = entry.principals.filter(isMeant)
  const isNobodys = entry.principals.length === 0 && isMeant('')
  return principals.length > 0 || isNobodys ? [accessEntry({ ...entry, principals }, account, signed)] : []
}

/** Names of a list before the rest is counted. */
const MOST_LISTED = 5

function accessEntry(
  { principals, actions, resources, notResources, policy, source, levels }: RecordedEntry,
  account: ReviewAccount | null,
  signed: Signed,
): ReviewEntry {
  const where =
    resources.length > 0
      ? listed(resources)
      : notResources.length > 0
        ? `all but ${listed(notResources)}`
        : '*'
  return {
    ...PLAIN,
    ...signed,
    account,
    who: shownPrincipals(principals),
    short: printable(`${listed(actions)} on ${where}`),
    merge: { rule: signed.sign, target: policy ?? '' },
    principals,
    services: [...new Set(actions.map((action) => action.split(':')[0] ?? action))].sort(),
    levels: (['permissions', 'write', 'tagging', 'read', 'list'] as const).filter(
      (level) => (levels[level] ?? 0) > 0,
    ),
    place: placeOf(source),
    count: Math.max(1, principals.length),
  }
}

function changeEntry(
  { action, kind, name, arn, source }: RecordedPlan['changes'][number],
  account: ReviewAccount | null,
  signed: Signed,
): ReviewEntry {
  return {
    ...PLAIN,
    ...signed,
    account,
    who: printable(`${kind}/${name}`),
    short: action,
    merge: { rule: action, target: kind },
    principals: arn === null ? [] : [arn],
    place: placeOf(source),
  }
}

const weakenedEntry = ({ kind, name, change, accounts, source }: RecordedWeakened): ReviewEntry => ({
  ...PLAIN,
  ...(change === 'removed' ? SIGNS.delete : SIGNS.update),
  account: accounts.length === 1 && accounts[0] !== undefined ? shownAccount(accounts[0]) : null,
  who: printable(kind === 'guard' || kind === 'scope' ? name : `${kind} ${name}`),
  short: change === 'removed' ? 'no longer there' : 'changed',
  merge: { rule: `${kind} ${change}`, target: '' },
  place: placeOf(source),
})

/** In the places that own runs have for them. */
function said(diagnostics: readonly RecordedDiagnostic[]): SectionEntries {
  const of = (isMeant: (severity: RecordedDiagnostic['severity']) => boolean): readonly ReviewEntry[] =>
    diagnostics
      .filter(({ severity }) => isMeant(severity))
      .map(({ severity, code, message, file, start }) => ({
        ...PLAIN,
        sign: severity === 'error' ? '!' : '·',
        style: severity === 'error' ? 'removed' : 'dim',
        who: printable(`${severity}[${code}]`),
        short: printable(message),
        merge: { rule: code, target: file ?? '' },
        place: file === null || start === null ? null : { file: printable(file), line: start.line },
      }))
  return {
    errors: of((severity) => severity === 'error'),
    machine: of((severity) => severity !== 'error'),
  }
}

const placeOf = (source: RecordedEntry['source']): ReviewEntry['place'] =>
  source === null || source === undefined || source.line === null
    ? null
    : { file: printable(source.file), line: source.line }

const shownPrincipals = (principals: readonly string[]): string =>
  printable(principalsText(principals, null, new Map()))

const listed = (names: readonly string[]): string => {
  const more = names.length - MOST_LISTED
  return `${names.slice(0, MOST_LISTED).join(', ')}${more > 0 ? ` and ${more} more` : ''}`
}
