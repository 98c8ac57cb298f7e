import { describe, expect, it } from 'vitest'
import type { PolicyStatement } from '../../src/model/index.ts'
import { askForTests, isBy, reaches, told } from './ask.ts'
import { ADMINISTRATOR, allows, arnOf, denies, document, ELSEWHERE, type Parts, trusts } from './estates.ts'
import { PUBLIC_PATHS, type PublicPath } from './public-paths.ts'

const asked = askForTests()

type Held = readonly PolicyStatement[]
interface Around {
  /** Of the caller. */
  readonly boundary?: string
  readonly policies?: Parts['policies']
  readonly control?: Parts['control']
  readonly isAdministrator?: true
}

/** The world of a path with a caller who holds some statements. */
function estate(
  { caller }: PublicPath,
  world: Parts,
  held: Held,
  { boundary, policies, control, isAdministrator }: Around = {},
): Parts {
  const managed = [
    ...(world.policies !== undefined && 'own' in world.policies ? ['own'] : []),
    ...(isAdministrator ? [ADMINISTRATOR] : []),
  ]
  const parts = {
    ...(held.length === 0 ? {} : { policy: document(...held) }),
    ...(boundary === undefined ? {} : { boundary }),
    managed,
  }
  return {
    ...world,
    ...(caller === 'user'
      ? { users: { ...world.users, ann: { ...parts, groups: ['crew'] } } }
      : { roles: { ...world.roles, worker: { ...parts, trust: trusts('ec2.amazonaws.com') } } }),
    groups: { crew: {}, ...world.groups },
    policies: { ...world.policies, ...policies },
    ...(control === undefined ? {} : { control }),
  }
}

const gainedBy = (path: PublicPath, world: Parts, held: Held, around: Around = {}, before: Held = []) =>
  asked().gained(estate(path, world, before, around), estate(path, world, held, around))

const all = PUBLIC_PATHS.map((path) => [path.id, path] as const)
const withPowerless = all.filter(([, { powerless }]) => powerless !== null)
const withHarmless = all.filter(([, { harmless }]) => harmless !== null)
const withService = all.filter(([, { untrusting }]) => untrusting !== null)

describe('each public path is named with whom it reaches, and by what', () => {
  it('all 65 are here', () => {
    expect(new Set(PUBLIC_PATHS.map(({ id }) => id)).size).toBe(65)
  })
  it.each(all)('%s', (_, path) => {
    const { caller, by, permissions, reached, world } = path
    const found = gainedBy(path, world, [allows(permissions)])
    const named = found.filter((each) => reaches(each, reached))
    expect(named.length, told(found).join('\n')).toBeGreaterThan(0)
    const self = arnOf(caller === 'user' ? 'user/ann' : 'role/worker')
    expect(named.some(({ principals }) => principals.includes(self))).toBe(true)
    expect(
      named.some((each) => isBy(each, by)),
      told(named).join('\n'),
    ).toBe(true)
  })
})

describe('where its target is out of reach, nothing is named', () => {
  it.each(withHarmless)('by the resource: %s', (_, path) => {
    const [first = '', ...others] = path.permissions
    const taken = path.id.startsWith('iam-') ? path.permissions : [first]
    const rest = others.filter((each) => !taken.includes(each))
    const found = gainedBy(path, path.world, [
      allows(taken, path.harmless ?? []),
      ...(rest.length === 0 ? [] : [allows(rest.filter((each) => each !== 'lambda:AddPermission'))]),
    ])
    // What starts something may also act through what is there: the role that is passed isn't reached by passing it.
    expect(told(first === 'iam:PassRole' ? found.filter((each) => isBy(each, [first])) : found)).toEqual([])
  })
  it.each(all)('by a condition that is never met: %s', (_, path) => {
    const never = { StringEquals: { 'aws:PrincipalAccount': ELSEWHERE } }
    expect(told(gainedBy(path, path.world, [allows(path.permissions, '*', never)]))).toEqual([])
  })
  it.each(all)('by a deny: %s', (_, path) => {
    const held = [allows(path.permissions), denies(path.permissions)]
    expect(told(gainedBy(path, path.world, held))).toEqual([])
  })
  it.each(all)('by a boundary: %s', (_, path) => {
    const around = { boundary: 'fence', policies: { fence: document(allows('s3:*')) } }
    expect(told(gainedBy(path, path.world, [allows(path.permissions)], around))).toEqual([])
  })
  it.each(all)('by a control policy: %s', (_, path) => {
    const around = { control: [denies(path.permissions)] }
    expect(told(gainedBy(path, path.world, [allows(path.permissions)], around))).toEqual([])
  })
  it.each(withService)('since no role lets the service in: %s', (_, path) => {
    const found = gainedBy(path, path.untrusting ?? {}, [
      allows(path.permissions.filter((each) => each !== 'lambda:AddPermission')),
    ])
    expect(told(found)).toEqual([])
  })
})

describe('where it gives nothing more, nothing is named', () => {
  it.each(withPowerless)('the target has no power: %s', (_, path) => {
    const found = gainedBy(path, path.powerless ?? {}, [
      allows(path.permissions.filter((each) => each !== 'lambda:AddPermission')),
    ])
    expect(told(found)).toEqual([])
  })
  it.each(all)('the caller is an administrator already: %s', (_, path) => {
    const found = gainedBy(path, path.world, [allows(path.permissions)], { isAdministrator: true })
    expect(told(found)).toEqual([])
  })
  it.each(all)('it was there before: %s', (_, path) => {
    const before = [allows(path.permissions)]
    const after = [...before, allows('s3:ListAllMyBuckets')]
    expect(told(gainedBy(path, path.world, after, {}, before))).toEqual([])
  })
})

describe('of two policies alone it is potential, and names what carries it', () => {
  // Two policy files know no roles, and so nobody to become.
  it.each(all.filter(([id]) => id !== 'sts-001'))('%s', (_, { by, permissions }) => {
    const found = asked().ofPolicies(
      document(allows('s3:ListAllMyBuckets')),
      document(allows(['s3:ListAllMyBuckets', ...permissions])),
    )
    const named = found.filter((each) => isBy(each, by))
    expect(named.length, told(found).join('\n')).toBeGreaterThan(0)
    expect(named.some(({ isPotential }) => isPotential)).toBe(true)
    expect(found.flatMap(({ targets }) => targets)).toEqual([])
  })
})
