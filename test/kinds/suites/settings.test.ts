// What of entities the other suites hold, of every setting of an account that is listed.
import { describe, expect, it } from 'vitest'
import { DEFAULT_QUOTAS } from '../../../src/catalog/quotas.ts'
import { uniteDeclarations } from '../../../src/model/declarations.ts'
import type { SettingKind, StateOf } from '../../../src/model/index.ts'
import { planChanges } from '../../../src/plan/plan-changes.ts'
import fc from '../../fixed-seed.ts'
import { failingAt, KILLED, Killed } from '../../reconcile/world.ts'
import { sampleOf } from '../../sample-size.ts'
import {
  converge,
  declaredBy,
  LISTED_SETTINGS,
  NOTHING,
  planIn,
  settingIntentOf,
  withListed,
} from '../listed.ts'
import { SETTING_SAMPLES } from '../samples.ts'

type Value = StateOf<SettingKind>

describe.each(LISTED_SETTINGS)('%s', (kind) => {
  const samples = SETTING_SAMPLES[kind]
  if (samples === undefined) throw new Error(`${kind} has no samples`)
  const [one, other] = fc.sample(fc.uniqueArray(samples, { minLength: 2, maxLength: 2 }), 1)[0] ?? []
  if (one === undefined || other === undefined) throw new Error(`${kind} has no samples`)
  const maybe = fc.option(samples)

  it('contract: is there as it was put, and goes once', () =>
    withListed(async (world) => {
      await converge(world, settingIntentOf(kind, one))
      expect((await world.observe()).settings[kind]).toEqual(one)
      const { steps } = await converge(world, settingIntentOf(kind, null))
      expect((await world.observe()).settings[kind]).toBeNull()
      expect(steps).toHaveLength(1)
      for (const { operation, input } of steps)
        await expect(world.iam.write(operation, input as never)).rejects.toMatchObject({
          code: 'NoSuchEntity',
        })
    }))

  it('fixed point: whatever was there, what is declared is then, and a second plan is empty', () =>
    fc.assert(
      fc.asyncProperty(maybe, maybe, (before, after) =>
        withListed(async (world) => {
          await converge(world, settingIntentOf(kind, before))
          await converge(world, settingIntentOf(kind, after))
          expect((await world.observe()).settings[kind]).toEqual(after)
        }),
      ),
      { numRuns: sampleOf(15) },
    ))

  it('kill: an apply that was killed at its call is another starting point', () =>
    withListed(async (world) => {
      await converge(world, settingIntentOf(kind, one))
      const [before = {}, after = {}] = declaredBy(settingIntentOf(kind, one), settingIntentOf(kind, other))
      const writer = failingAt(world.iam, 0, () => new Killed())
      await expect(converge(world, settingIntentOf(kind, other), before, writer)).rejects.toMatchObject(
        KILLED,
      )
      await converge(world, settingIntentOf(kind, other), uniteDeclarations(before, after))
      expect((await world.observe()).settings[kind]).toEqual(other)
    }))

  it("ownership: what was declared and is no longer goes; another value is somebody else's, and is shown", () =>
    withListed(async (world) => {
      await converge(world, settingIntentOf(kind, one))
      const [before = {}, others = {}] = declaredBy(settingIntentOf(kind, one), settingIntentOf(kind, other))
      for (const declared of [{}, others]) {
        const { plan } = await planIn(world, NOTHING, declared)
        expect(plan.steps).toEqual([])
        expect(plan.unmanaged).toEqual([expect.objectContaining({ kind, why: 'is not declared' })])
      }
      await converge(world, NOTHING, before)
      expect((await world.observe()).settings[kind]).toBeNull()
    }))

  it('purity: the same gives the same plan, byte for byte; another value, another digest', () =>
    withListed(async (world) => {
      await converge(world, settingIntentOf(kind, one))
      const observed = await world.observe()
      const planOf = (value: Value) => {
        const { kinds, settings, desired, scopes, guard } = settingIntentOf(kind, value)
        const given = { kinds, settings, desired, scopes, guard, observed, declaredBefore: {} }
        return planChanges({ ...given, quotas: DEFAULT_QUOTAS }).plan
      }
      expect(JSON.stringify(planOf(other))).toBe(JSON.stringify(planOf(other)))
      expect(planOf(one).changes).toEqual([])
      expect(planOf(other).digest).not.toBe(planOf(one).digest)
    }))
})
