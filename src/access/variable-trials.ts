import type { Model } from './symbolic/problem.ts'

/** Values that are given to variables nobody knows: those that a solution suggests, and plain words. */
export function variableTrials(
  variables: readonly string[],
  { context, resource }: Model,
): readonly ReadonlyMap<string, readonly string[] | null>[] {
  const given = new Map([...context].map(([key, values]) => [key.toLowerCase(), values]))
  const suggested = new Map(
    variables.map((name, index) => {
      const values = given.get(name)
      return [name, values?.length === 1 ? values : [`example${index === 0 ? '' : index + 1}`]]
    }),
  )
  const all = (values: readonly string[] | null) => new Map(variables.map((name) => [name, values]))
  const last = resource?.split(/[:/]/).at(-1)
  return [
    suggested,
    all(['example']),
    ...(last === undefined || last === '' || last === '*' ? [] : [all([last])]),
    all(['x']),
    // Without a value, what names the variable matches nothing.
    all(null),
  ]
}
