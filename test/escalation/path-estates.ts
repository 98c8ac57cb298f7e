import type { PolicyStatement } from '../../src/model/index.ts'
import {
  ADMINISTRATOR,
  allows,
  arnOf,
  document,
  type Parts,
  type RoleParts,
  trusts,
  type UserParts,
} from './estates.ts'
import { PUBLIC_PATHS, type PublicPath } from './public-paths.ts'

/** What somebody holds who tries a path. */
export interface PrincipalTraits {
  readonly held: readonly PolicyStatement[]
  readonly boundary?: string
  readonly isAdministrator?: true
}

const partsOf = ({ held, boundary, isAdministrator }: PrincipalTraits, own: boolean) => ({
  ...(held.length === 0 ? {} : { policy: document(...held) }),
  ...(boundary === undefined ? {} : { boundary }),
  managed: [...(own ? ['own'] : []), ...(isAdministrator ? [ADMINISTRATOR] : [])],
})
const ownsPolicy = ({ world }: PublicPath): boolean => world.policies?.own !== undefined

/** The world of a path with `user/ann` or `role/worker` in it. */
export function pathEstate(path: PublicPath, world: Parts, caller: PrincipalTraits): Parts {
  const parts = partsOf(caller, ownsPolicy(path) && world.policies?.own !== undefined)
  return {
    ...world,
    ...(path.caller === 'user'
      ? { users: { ...world.users, ann: { ...parts, groups: ['crew'] } } }
      : { roles: { ...world.roles, worker: { ...parts, trust: trusts('ec2.amazonaws.com') } } }),
    groups: { crew: {}, ...world.groups },
  }
}

const SERVICES = [
  ...new Set(
    PUBLIC_PATHS.flatMap(({ world }) =>
      Object.values(world.roles ?? {}).flatMap(({ trust }) =>
        [trust.Statement].flat().flatMap((statement) => {
          const { Principal } = statement as { readonly Principal: { readonly Service?: string } }
          return Principal.Service ?? []
        }),
      ),
    ),
  ),
]

/** Whom all paths together lead to. @param power of each of them */
export const everybody = (
  power: 'administrator' | 'nothing',
  services: readonly string[] = SERVICES,
): Parts => {
  const managed = power === 'administrator' ? [ADMINISTRATOR] : []
  return {
    users: { plain: {}, boss: { managed } },
    groups: { crew: {}, admins: { managed } },
    roles: {
      deploy: { managed: [...managed, 'power'], trust: trusts(...services, 'root') },
      plain: { trust: trusts(...services) },
    },
    policies: { power: document(), own: document(), fence: document(allows('s3:*')) },
  }
}

/** One account in which somebody tries each path: `user/ID`, or `role/ID`. */
export function triedTogether(
  paths: readonly PublicPath[],
  world: Parts,
  callerOf: (path: PublicPath, entity: string) => PrincipalTraits,
): Parts {
  const users: Record<string, UserParts> = {}
  const roles: Record<string, RoleParts> = {}
  for (const path of paths) {
    const entity = `${path.caller}/${path.id}`
    const parts = partsOf(callerOf(path, arnOf(entity)), ownsPolicy(path))
    if (path.caller === 'user') users[path.id] = { ...parts, groups: ['crew'] }
    // Nothing else may become one of them.
    else roles[path.id] = { ...parts, trust: trusts('backup.amazonaws.com') }
  }
  return { ...world, users: { ...world.users, ...users }, roles: { ...world.roles, ...roles } }
}
