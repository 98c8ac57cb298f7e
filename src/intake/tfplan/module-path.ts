/** Deeper than anybody nests modules. */
export const MOST_MODULES_DEEP = 100

/** One call of a module on the way from the root: `module.ci["x"]`. */
export interface ModuleStep {
  readonly name: string
  readonly key: InstanceKey
}

/** Of `for_each` a text, of `count` a number; null: neither. */
export type InstanceKey = string | number | null

const STEP = /module\.([^.[\]]+)(?:\[("(?:[^"\\]|\\.)*"|\d+)\])?(?:\.|$)/y

/** The calls of a module's address, outermost first; empty: the root module, or no address of a module. */
export function moduleSteps(address: string): readonly ModuleStep[] {
  const steps: ModuleStep[] = []
  STEP.lastIndex = 0
  for (let match = STEP.exec(address); match !== null; match = STEP.exec(address))
    steps.push({ name: match[1] ?? '', key: keyOf(match[2]) })
  return steps
}

export const moduleAddress = (steps: readonly ModuleStep[]): string =>
  steps.map(({ name, key }) => `module.${name}${keyText(key)}`).join('.')

const keyText = (key: InstanceKey): string => (key === null ? '' : `[${JSON.stringify(key)}]`)

/** What stands between brackets. */
export function keyOf(text: string | undefined): InstanceKey {
  if (text === undefined) return null
  if (/^\d+$/.test(text)) return Number(text)
  try {
    const key: unknown = JSON.parse(text)
    return typeof key === 'string' ? key : null
  } catch {
    return null
  }
}
