import { describe, expect, it } from 'vitest'
import type { PolicyStatement } from '../../src/model/index.ts'
import { askForTests, isBy, reaches, told } from './ask.ts'
import { allows, arnOf, denies, document, ELSEWHERE, type Parts } from './estates.ts'
import { everybody, type PrincipalTraits, pathEstate, triedTogether } from './path-estates.ts'
import { PUBLIC_PATHS, type PublicPath } from './public-paths.ts'

const asked = askForTests()
const all = PUBLIC_PATHS.map((path) => [path.id, path] as const)
const NOTHING: PrincipalTraits = { held: [] }

/** What comes of a path for who had nothing before. */
const gainedBy = (path: PublicPath, world: Parts, held: readonly PolicyStatement[]) =>
  asked().gained(pathEstate(path, world, NOTHING), pathEstate(path, world, { held }))

/** What comes of many at once, each tried by somebody of their own. */
const gainedTogether = (
  paths: readonly PublicPath[],
  world: Parts,
  callerOf: (path: PublicPath, arn: string) => PrincipalTraits,
  beforeOf: (path: PublicPath, arn: string) => PrincipalTraits = (path, arn) => ({
    ...callerOf(path, arn),
    held: [],
  }),
) => asked().gained(triedTogether(paths, world, beforeOf), triedTogether(paths, world, callerOf))

// Letting others in is another matter, whoever they are.
const withoutSharing = ({ permissions }: PublicPath): readonly string[] =>
  permissions.filter((each) => each !== 'lambda:AddPermission')
const byService = PUBLIC_PATHS.filter(({ untrusting }) => untrusting !== null)
const byIam = all.filter(([, { untrusting }]) => untrusting === null)

describe('each public path is named with whom it reaches, and by what', () => {
  it('all 65 are here', () => {
    expect(new Set(PUBLIC_PATHS.map(({ id }) => id)).size).toBe(65)
  })
  it.each(all)('%s', (_, path) => {
    const { caller, by, permissions, reached, world } = path
    const found = gainedBy(path, world, [allows(permissions)])
    const self = arnOf(caller === 'user' ? 'user/ann' : 'role/worker')
    const named = found.filter(
      (each) => each.principals.includes(self) && reaches(each, reached) && isBy(each, by),
    )
    expect(named.length, told(found).join('\n')).toBeGreaterThan(0)
  })
})

describe('where its target is out of reach, nothing is named', () => {
  const world = everybody('administrator')
  it('without anything in the way, everybody who tries one is', () => {
    const found = gainedTogether(PUBLIC_PATHS, world, ({ permissions }) => ({ held: [allows(permissions)] }))
    const named = new Set(found.filter(({ path }) => path.length > 0).flatMap(({ principals }) => principals))
    expect(
      PUBLIC_PATHS.map(({ caller, id }) => arnOf(`${caller}/${id}`)).filter((arn) => !named.has(arn)),
    ).toEqual([])
  })
  it('by the resource', () => {
    const paths = PUBLIC_PATHS.filter(({ harmless }) => harmless !== null)
    const found = gainedTogether(paths, world, (path, arn) => {
      const [first = ''] = path.permissions
      // What starts something has to be anywhere: it is the role that isn't to be passed.
      const narrow = first === 'iam:PassRole' ? [first] : path.permissions
      const wide = withoutSharing(path).filter((each) => !narrow.includes(each))
      const harmless = (path.harmless ?? []).map((each) => (each === arnOf('user/ann') ? arn : each))
      return { held: [allows(narrow, harmless), ...(wide.length === 0 ? [] : [allows(wide)])] }
    })
    // It may also act through what is there: the role that could be passed isn't reached by passing it.
    const acting = new Set(
      paths
        .filter(({ permissions }) => permissions[0] === 'iam:PassRole')
        .map(({ id }) => arnOf(`user/${id}`)),
    )
    expect(
      told(
        found.filter(
          (each) => isBy(each, ['iam:PassRole']) || !each.principals.every((label) => acting.has(label)),
        ),
      ),
    ).toEqual([])
  })
  it('by a condition that is never met', () => {
    const never = { StringEquals: { 'aws:PrincipalAccount': ELSEWHERE } }
    const found = gainedTogether(PUBLIC_PATHS, world, ({ permissions }) => ({
      held: [allows(permissions, '*', never)],
    }))
    expect(told(found)).toEqual([])
  })
  it('by a deny', () => {
    const found = gainedTogether(PUBLIC_PATHS, world, ({ permissions }) => ({
      held: [allows(permissions), denies(permissions)],
    }))
    expect(told(found)).toEqual([])
  })
  it('by a boundary', () => {
    const found = gainedTogether(PUBLIC_PATHS, world, ({ permissions }) => ({
      held: [allows(permissions)],
      boundary: 'fence',
    }))
    expect(told(found)).toEqual([])
  })
  it('by a control policy', () => {
    const control = [denies([...new Set(PUBLIC_PATHS.flatMap(({ permissions }) => permissions))])]
    const found = gainedTogether(PUBLIC_PATHS, { ...world, control }, ({ permissions }) => ({
      held: [allows(permissions)],
    }))
    expect(told(found)).toEqual([])
  })
  it('since no role lets the service in', () => {
    const found = gainedTogether(byService, everybody('administrator', ['backup.amazonaws.com']), (path) => ({
      held: [allows(withoutSharing(path))],
    }))
    expect(told(found)).toEqual([])
  })
})

describe('where it gives nothing more, nothing is named', () => {
  it('the role has no power', () => {
    const found = gainedTogether(byService, everybody('nothing'), (path) => ({
      held: [allows(withoutSharing(path))],
    }))
    expect(told(found)).toEqual([])
  })
  it.each(byIam.filter(([, { powerless }]) => powerless !== null))(
    'the target has no power: %s',
    (_, path) => {
      expect(told(gainedBy(path, path.powerless ?? {}, [allows(path.permissions)]))).toEqual([])
    },
  )
  it('the caller is an administrator already', () => {
    const found = gainedTogether(PUBLIC_PATHS, everybody('administrator'), ({ permissions }) => ({
      held: [allows(permissions)],
      isAdministrator: true,
    }))
    expect(told(found)).toEqual([])
  })
  const more = ({ permissions }: PublicPath): PrincipalTraits => ({
    held: [allows(permissions), allows('s3:ListAllMyBuckets')],
  })
  const same = ({ permissions }: PublicPath): PrincipalTraits => ({ held: [allows(permissions)] })
  it('it was there before', () => {
    expect(told(gainedTogether(byService, everybody('administrator'), more, same))).toEqual([])
  })
  it.each(byIam)('it was there before: %s', (_, path) => {
    const { world } = path
    const found = asked().gained(pathEstate(path, world, same(path)), pathEstate(path, world, more(path)))
    expect(told(found)).toEqual([])
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
