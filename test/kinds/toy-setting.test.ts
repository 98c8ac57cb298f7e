import { describe, expect, it } from 'vitest'
import { DEFAULT_QUOTAS } from '../../src/catalog/quotas.ts'
import { declaredState } from '../../src/checks/declared-state.ts'
import { renderDiagnostic } from '../../src/diagnostics/index.ts'
import { PLAN_KINDS } from '../../src/kinds/plan.ts'
import { declarationsOf } from '../../src/manifest/declarations.ts'
import type { DesiredState } from '../../src/manifest/desired.ts'
import { loadProject } from '../../src/manifest/load-project.ts'
import { jsonSchemas } from '../../src/manifest/schema/json-schema.ts'
import type { AccountState, Declarations } from '../../src/model/index.ts'
import { planChanges } from '../../src/plan/plan-changes.ts'
import { AWS } from '../manifest/sample.ts'
import { converge, NOTHING, withListed } from './listed.ts'
import type { TokenVersion } from './tokenVersion/kind.ts'
import { TOY_MANIFEST_KINDS, TOY_SETTING_PLANS } from './toy/kinds.ts'
import { intentFrom } from './toy/project.ts'

const PROJECT = 'version: 1\naccounts: { a: { id: "111122223333" } }\n'
const filesOf = (manifest: string) => ({ 'iam-sync.yaml': PROJECT, 'main.yaml': manifest })

/** @param value undefined: nothing is said of it; null: there is to be none */
const manifestOf = (value: TokenVersion | null | undefined) =>
  value === undefined ? '{}' : `tokenVersion: ${value}\n`

const desiring = (value: TokenVersion | null | undefined): DesiredState =>
  intentFrom(filesOf(manifestOf(value))).desired

const holding = (value: TokenVersion | null): AccountState => {
  const state = declaredState(NOTHING.desired)
  return { ...state, settings: Object.assign({ ...state.settings }, { tokenVersion: value }) }
}

function planFor(
  observed: TokenVersion | null,
  desired: TokenVersion | null | undefined,
  before: Declarations = {},
) {
  const { plan, diagnostics } = planChanges({
    kinds: PLAN_KINDS,
    settings: TOY_SETTING_PLANS,
    desired: desiring(desired),
    observed: holding(observed),
    declaredBefore: before,
    scopes: NOTHING.scopes,
    guard: NOTHING.guard,
    quotas: DEFAULT_QUOTAS,
  })
  expect(diagnostics).toEqual([])
  return plan
}

const shortOf = ({ changes, steps, unmanaged }: ReturnType<typeof planFor>) => ({
  changes: changes.map(({ action, kind, name }) => `${action} ${kind} ${name}`),
  steps: steps.map(({ input }) => Object.values(input)[0] ?? 'none'),
  unmanaged: unmanaged.map(({ kind, name }) => `${kind} ${name}`),
})

describe('a setting that only a test knows', () => {
  it.each([
    [null, 'v2', { changes: ['create tokenVersion v2'], steps: ['v2Token'], unmanaged: [] }],
    ['v1', 'v2', { changes: ['update tokenVersion v2'], steps: ['v2Token'], unmanaged: [] }],
    ['v2', null, { changes: ['delete tokenVersion v2'], steps: ['none'], unmanaged: [] }],
    ['v2', 'v2', { changes: [], steps: [], unmanaged: [] }],
    [null, null, { changes: [], steps: [], unmanaged: [] }],
    ['v2', undefined, { changes: [], steps: [], unmanaged: ['tokenVersion v2'] }],
  ] as const)('%s, and declared %s', (observed, desired, expected) => {
    expect(shortOf(planFor(observed, desired))).toEqual(expected)
  })

  it('what was declared before and no longer is goes, and another value stays', () => {
    const before = declarationsOf(desiring('v2'), PLAN_KINDS)
    expect(before).toEqual({ tokenVersion: { value: ['=v2'] } })
    expect(shortOf(planFor('v2', undefined, before)).changes).toEqual(['delete tokenVersion v2'])
    expect(shortOf(planFor('v1', undefined, before)).changes).toEqual([])
  })

  it('is counted where nothing changes, and part of the digest where something does', () => {
    expect(planFor('v2', 'v2').unchanged).toBe(1)
    expect(planFor(null, 'v2').digest).not.toBe(planFor('v1', 'v2').digest)
    expect(planFor('v1', 'v2').digest).toBe(planFor('v1', 'v2').digest)
  })

  it('goes from YAML to the account, and from it again', () =>
    withListed(async (world) => {
      const apply = (value: TokenVersion | null) => converge(world, intentFrom(filesOf(manifestOf(value))))
      await apply('v2')
      expect((await world.observe()).settings).toMatchObject({ tokenVersion: 'v2' })
      await apply(null)
      expect((await world.observe()).settings).toMatchObject({ tokenVersion: null })
    }))

  it('is of the state that is declared', () => {
    expect(declaredState(desiring('v2')).settings).toEqual({
      ...declaredState(NOTHING.desired).settings,
      tokenVersion: 'v2',
    })
  })
})

describe('a setting that only a test knows, in manifests', () => {
  it.each([
    [
      'tokenVersion: { a: b }\n',
      'the token version takes such a value, not a map',
      '{ a: b }',
      'see the JSON Schema of this file in `schema/`',
    ],
    [
      'tokenVersion: v1\n---\ntokenVersion: v2\n',
      'the token version is declared twice',
      'tokenVersion',
      'an account has one; declare it once',
    ],
    [
      'tokenVersoin: v1\n',
      '`tokenVersoin` is not a key of a manifest',
      'tokenVersoin',
      'did you mean `tokenVersion`?',
    ],
  ])('%s is told where it stands', (manifest, message, underlined, help) => {
    const files = new Map(Object.entries(filesOf(manifest)))
    const { project, texts } = loadProject({ kinds: TOY_MANIFEST_KINDS, files, facts: AWS })
    const found = project.diagnostics.map((each) => ({
      message: each.message,
      help: each.help,
      underlined: texts.text('main.yaml')?.slice(each.span?.start, each.span?.end),
    }))
    const shown = project.diagnostics.map((each) => renderDiagnostic(each, texts)).join('\n\n')
    expect(found, shown).toEqual([{ message, help, underlined }])
    expect(project.accounts[0]?.desired).toBeNull()
  })

  it('stands in the JSON Schema', () => {
    expect(jsonSchemas(TOY_MANIFEST_KINDS).manifest).toMatchObject({
      properties: {
        tokenVersion: {
          anyOf: [{ enum: ['v1', 'v2'] }, { type: 'null' }],
          description: 'The version of tokens.',
        },
      },
    })
  })
})
