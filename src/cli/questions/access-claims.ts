import type { OutsideTrust, Probe, Proof } from '../../access/analysis.ts'
import { isDeciding } from '../../access/diff/diff-of.ts'
import { joinedProofs } from '../../access/outsiders/joined-proofs.ts'
import { DiagnosticError, errorOf } from '../../diagnostics/index.ts'
import { parsePrincipal } from '../../evaluator/principal.ts'
import { ACTION_PATTERN, RESOURCE_PATTERN } from '../../manifest/schema/manifest-schema.ts'
import type { Account } from '../../model/index.ts'
import { type InputOptions, type StateName, stateNamed } from '../arguments/state-words.ts'
import { type Flags, flagList, flagSet, flagText } from '../command.ts'
import type { AccessAnalysis } from './access-analysis.ts'
import { comparedStates, type OpenedState, openState } from './compared-states.ts'

/** Something that a flag of `access check` claims, and its words. */
export type AccessClaim =
  | { readonly type: 'no-new-access'; readonly text: string; readonly ref: string }
  | { readonly type: 'no-new-escalation'; readonly text: string; readonly ref: string }
  | { readonly type: 'not-granted'; readonly text: string; readonly probe: Probe }
  | { readonly type: 'no-public-access'; readonly text: string }
  | { readonly type: 'no-outside-access'; readonly text: string; readonly trust: OutsideTrust }

/** @throws DiagnosticError `cli.…` when there is none, or one can't be read */
export function claimsIn(flags: Flags): readonly AccessClaim[] {
  const ref = flagText(flags, 'newAccess')
  const escalationsSince = flagText(flags, 'newEscalation')
  const actions = flagList(flags, 'notGranted').flatMap((list) => list.split(',').map((each) => each.trim()))
  const resources = flagList(flags, 'resource')
  for (const action of actions)
    if (!ACTION_PATTERN.test(action))
      throw invalid(
        `\`--not-granted ${action}\` is not an action`,
        'write `iam:PassRole`, `s3:Delete*` or `*`',
      )
  for (const resource of resources)
    if (!RESOURCE_PATTERN.test(resource))
      throw invalid(
        `\`--resource ${resource}\` is not a resource`,
        'write an ARN, with `*` and `?`: `arn:aws:s3:::data/*`; or `*`, any resource',
      )
  if (resources.length > 0 && actions.length === 0)
    throw missing('`--resource` says where something is not granted', 'add `--not-granted ACTION`')
  const trust = trustIn(flags)
  const claims: readonly AccessClaim[] = [
    ...(ref === null
      ? []
      : [{ type: 'no-new-access', text: `no new access since \`${ref}\``, ref } as const]),
    ...(escalationsSince === null
      ? []
      : [
          {
            type: 'no-new-escalation',
            text: `no new escalation since \`${escalationsSince}\``,
            ref: escalationsSince,
          } as const,
        ]),
    ...(actions.length === 0 ? [] : [notGranted(actions, resources)]),
    ...(flags.publicAccess === false
      ? [{ type: 'no-public-access', text: 'no public access' } as const]
      : []),
    ...(trust === null ? [] : [noOutsideAccess(trust)]),
  ]
  if (claims.length === 0)
    throw missing(
      'nothing is to be checked',
      'add one or more of `--no-new-access REF`, `--no-new-escalation REF`, `--not-granted ACTION`, `--no-public-access` and `--no-outside-access`',
    )
  return claims
}

function notGranted(actions: readonly string[], resources: readonly string[]): AccessClaim {
  const where = resources.length === 0 ? '' : ` on ${resources.join(', ')}`
  return {
    type: 'not-granted',
    text: `nobody may ${actions.join(', ')}${where}`,
    probe: { actions, resources: resources.length === 0 ? ['*'] : resources, context: new Map() },
  }
}

function noOutsideAccess(trust: OutsideTrust): AccessClaim {
  const { trusted, services } = trust
  const but = trusted.length === 0 ? '' : ` but of ${trusted.join(', ')}`
  const also = services === 'untrusted' ? ', services included' : ''
  return { type: 'no-outside-access', text: `no access from outside${but}${also}`, trust }
}

/** Whom `--trust` lists; null: nothing is asked about outside access. */
function trustIn(flags: Flags): OutsideTrust | null {
  const trusted = flagList(flags, 'trust').map(trustedIn)
  const services = flagSet(flags, 'untrustedServices') ? 'untrusted' : 'noted'
  if (flags.outsideAccess === false) return { trusted, services }
  if (trusted.length > 0)
    throw missing('`--trust` says who outside may have access', 'add `--no-outside-access`')
  if (services === 'untrusted')
    throw missing('`--untrusted-services` is about access from outside', 'add `--no-outside-access`')
  return null
}

/** As findings call somebody, or what they belong to. */
function trustedIn(who: string): string {
  const root = /^arn:[^:]*:iam::(\d{12}):root$/.exec(who)?.[1]
  if (root !== undefined) return root
  const isKnown =
    /^\d{12}$/.test(who) ||
    /^o-[a-z0-9]{10,32}$/.test(who) ||
    (who.startsWith('arn:') && !/[*?]/.test(who) && parsePrincipal(who) !== null) ||
    /^arn:[^:]+:sts::\d{12}:federated-user\/\*$/.test(who) ||
    /^(?:canonical|id):[A-Za-z0-9]+$/.test(who)
  if (isKnown) return who
  if (/^[a-z0-9-]+(?:\.[a-z0-9-]+)+(?:\/[^\s]+)?$/i.test(who)) return who.toLowerCase()
  throw invalid(
    `\`--trust ${who}\` is nobody`,
    'write an account id, an organization id (`o-…`), the ARN of a user, role, session or provider, the host of a provider, or a service (`lambda.amazonaws.com`)',
  )
}

/** @param state of the whole project; `accounts` of it are asked about */
export async function proveClaim(
  claim: AccessClaim,
  state: OpenedState,
  accounts: readonly { readonly name: string; readonly account: Account }[],
  opening: { readonly folder: string; readonly options: InputOptions },
  analysis: AccessAnalysis,
): Promise<Proof> {
  const ids = accounts.map(({ account }) => account.id)
  switch (claim.type) {
    case 'not-granted':
      return sound(await analysis.notGranted(state.estate, claim.probe, ids))
    case 'no-public-access':
      return sound(await analysis.noPublicAccess(state.estate, ids))
    case 'no-outside-access':
      return sound(await analysis.noOutsideAccess(state.estate, ids, claim.trust))
    case 'no-new-access': {
      const earlier = await openState(stateOfRef(claim.ref), opening.folder, opening.options)
      const { before, after } = comparedStates(earlier, state, { accounts: accounts.map(({ name }) => name) })
      const diffs = [...(await analysis.diffEstates(before, after, ids)).values()]
      const unknown = diffs.flatMap((diff) => diff.unknown).filter(({ direction }) => direction === 'gained')
      const gained = diffs.flatMap((diff) => diff.gained)
      const violations = [...gained.filter(isDeciding), ...gained.filter((entry) => !isDeciding(entry))]
      // An account of which nothing was said is one of which nothing is known.
      return sound({ holds: diffs.length === ids.length ? true : 'unknown', violations, unknown })
    }
    case 'no-new-escalation': {
      const earlier = await openState(stateOfRef(claim.ref), opening.folder, opening.options)
      const { before, after } = comparedStates(earlier, state, { accounts: accounts.map(({ name }) => name) })
      const { holds, escalations, unknown } = await analysis.newEscalations(before, after, ids)
      return {
        holds: holds === true && escalations.length + unknown.length > 0 ? 'unknown' : holds,
        violations: escalations,
        unknown,
      }
    }
  }
}

/** A commit, branch or tag, or another state by its name. */
export const stateOfRef = (ref: string): StateName => stateNamed(ref) ?? { type: 'git', ref }

/** What is unknown is never taken to hold. */
const sound = (proof: Proof): Proof => ({
  ...proof,
  holds:
    proof.violations.some(isDeciding) || proof.holds === false
      ? false
      : proof.unknown.length > 0
        ? 'unknown'
        : proof.holds,
})

/** Whether all hold. Claims about outsiders look at the same policies. */
export function together(proofs: readonly Proof[]): Proof {
  const covers = proofs.find((proof) => proof.covers !== undefined)?.covers
  return { ...joinedProofs(proofs), ...(covers === undefined ? {} : { covers }) }
}

const invalid = (message: string, help: string): DiagnosticError =>
  new DiagnosticError(errorOf({ code: 'cli.invalid-value', message, help }))

const missing = (message: string, help: string): DiagnosticError =>
  new DiagnosticError(errorOf({ code: 'cli.missing-flag', message, help }))
