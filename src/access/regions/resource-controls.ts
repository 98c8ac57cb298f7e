import { isUnderResourceControl } from '../../evaluator/estate/resource-control.ts'
import type { PolicyLayers } from '../../evaluator/layers.ts'
import { isServiceLinkedPrincipal } from '../../evaluator/principal.ts'
import { parseArn } from '../../model/index.ts'
import type { ParsedStatement } from '../../policy/parsed.ts'
import type { EstateView } from '../estate-view.ts'
import type { PrincipalInState } from '../principals/examined-principal.ts'
import type { Reasoner } from '../reasoner.ts'
import type { PlacedStatement } from '../sides/statement-compiler.ts'
import type { Pins } from '../symbolic/pins.ts'
import type { Region } from './region.ts'

/*
 * Resource control policies come with what is asked about: those of the account that owns it bind everybody, whoever it is.
 * They only deny: what allows everything stands at every level, and can't be detached.
 */

type Levels = NonNullable<PolicyLayers['rcp']>

/** What resource control policies deny a principal in a region. @throws Refusal, UnevaluablePolicyError */
export function controlDenials(
  state: PrincipalInState,
  region: Region,
  view: EstateView,
  { compiler, actions }: Reasoner,
  pins: Pins,
): readonly PlacedStatement[] {
  if (isSpared(state)) return []
  const denials = (owner: string, narrowed: (statement: ParsedStatement) => ParsedStatement) =>
    view.resourceControlsOf(owner).flatMap((level) =>
      level.flatMap(({ id, policy }) =>
        policy.statements.flatMap((statement) => {
          if (statement.effect !== 'Deny') return []
          const limited = actions.limited(statement.action, isUnderResourceControl)
          const placed = compiler.compileOne(
            narrowed(statement),
            policy.version,
            id,
            'rcp',
            'rcp',
            pins,
            limited,
          )
          return placed === null ? [] : [placed]
        }),
      ),
    )
  if (region.type !== 'rest') return denials(region.owner, (statement) => statement)
  const { account, part } = region
  return [
    ...(account === null || part === 'elsewhere' ? [] : denials(account, (statement) => statement)),
    ...(part === 'own'
      ? []
      : view.controllingAccounts
          .filter((owner) => owner !== account)
          .flatMap((owner) => denials(owner, (statement) => ofAccount(statement, owner)))),
  ]
}

/** The policies of a region that may control a resource, for who wants to know which statements there are. */
export const controlsIn = (state: PrincipalInState, region: Region, view: EstateView): Levels => {
  if (isSpared(state)) return []
  if (region.type !== 'rest') return view.resourceControlsOf(region.owner)
  const owners = region.part === 'own' ? [region.account ?? ''] : view.controllingAccounts
  return owners.flatMap((owner) => view.resourceControlsOf(owner))
}

/** Those that control one request. A resource whose ARN names no account is the asking account's. */
export function controlsFor(
  state: PrincipalInState,
  region: Region,
  view: EstateView,
  { action, resource }: { readonly action: string; readonly resource: string },
): Levels {
  if (isSpared(state) || !isUnderResourceControl(action)) return []
  return view.resourceControlsOf(region.type === 'rest' ? ownerOf(resource, region.account) : region.owner)
}

function ownerOf(resource: string, account: string | null): string {
  const owner = parseArn(resource)?.account ?? ''
  return /^\d{12}$/.test(owner) ? owner : (account ?? '')
}

/** @see AWS Organizations User Guide, "Resource control policies": they don't affect calls by service-linked roles */
const isSpared = ({ facts, base }: PrincipalInState): boolean => isServiceLinkedPrincipal(facts, base)

const narrowed = new WeakMap<ParsedStatement, Map<string, ParsedStatement>>()

/** The statement, about what an account owns as its ARN says. */
function ofAccount(statement: ParsedStatement, account: string): ParsedStatement {
  const known = narrowed.get(statement) ?? new Map<string, ParsedStatement>()
  narrowed.set(statement, known)
  let found = known.get(account)
  if (found === undefined) {
    found = {
      ...statement,
      conditions: [
        ...statement.conditions,
        {
          operator: 'StringEquals',
          quantifier: null,
          ifExists: false,
          key: 'aws:ResourceAccount',
          values: [account],
        },
      ],
    }
    known.set(account, found)
  }
  return found
}

/** Whether the resource control policies of an account are the same in two states. */
export function sameControls(account: string, a: EstateView, b: EstateView): boolean {
  const texts = (view: EstateView) =>
    view.declaredControlsOf(account).map((level) => level.map(({ name, document }) => [name, document.json]))
  return JSON.stringify(texts(a)) === JSON.stringify(texts(b))
}
