import { impliedActions, PASSED_ALONG } from '../../evaluator/estate/call-rules.ts'
import type { ActionSet } from '../actions/action-set.ts'
import type { Sides } from './scope.ts'
import type { PlacedStatement } from './statement-compiler.ts'

/** What a call passes along needs a permission of its own, on the same resource. */
interface NeededPermission {
  readonly action: string
  /** One of the ways in which the new side lets it through. */
  readonly way: number
}

/** How one question is narrowed to requests whose parameters are allowed as well. */
export interface Parameters {
  readonly needed: readonly NeededPermission[]
  /** Actions for parameters that the request doesn't have. */
  readonly lacking: readonly string[]
}

export const ANY_PARAMETERS: Parameters = { needed: [], lacking: [] }

/** Whether a request without the parameters has no such key. */
export const isLacking = ({ lacking }: Parameters, key: string): boolean =>
  PASSED_ALONG.some(({ action, isFor }) => lacking.includes(action) && isFor.test(key))

/** The next permission that a request which was found needs besides; null: none, but those that are asked about. */
export function missingPermission(
  action: string,
  context: ReadonlyMap<string, readonly string[]>,
  { needed }: Parameters,
): string | null {
  const asked = new Set(needed.map((each) => each.action))
  const implied = impliedActions({ principal: '', action, resource: '*', context })
  return implied.map((each) => each.action).find((each) => !asked.has(each)) ?? null
}

/** Where the request has the parameter in none of the ways, and then with each way that there is for it. */
export const choicesOf = (
  action: string,
  { now }: Sides,
  { needed, lacking }: Parameters,
): readonly Parameters[] => [
  { needed, lacking: [...lacking, action] },
  ...now.ways.map((_, way) => ({ needed: [...needed, { action, way }], lacking })),
]

/** The statements that must let the parameters through, layer by layer, and those that may keep them out. */
export function permissionsFor(
  { needed }: Parameters,
  { now }: Sides,
  membershipOf: (action: string) => (set: ActionSet) => boolean,
): { readonly layers: readonly (readonly PlacedStatement[])[]; readonly denies: readonly PlacedStatement[] } {
  const layers: (readonly PlacedStatement[])[] = []
  const denies: PlacedStatement[] = []
  for (const { action, way } of needed) {
    const isAbout = membershipOf(action.toLowerCase())
    const about = ({ actions }: PlacedStatement) => isAbout(actions)
    layers.push(...(now.ways[way] ?? [[]]).map((layer) => layer.filter(about)))
    denies.push(...now.denies.filter(about))
  }
  return { layers, denies }
}
