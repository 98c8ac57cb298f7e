import type { RoleState } from '../../../model/index.ts'
import { placedStatements } from '../../sides/side.ts'
import { keysAskedFor } from '../powers/entity-facts.ts'
import { accountOf, type Holder } from '../powers/holder.ts'
import { type NarrowedBy, NOT_NARROWED } from '../powers/narrowed.ts'
import type { Power, Powers } from '../powers/powers.ts'
import type { Way } from '../ways/way.ts'

/** Keys that hold the role that is passed, with the actions whose requests have them. */
const OF_ROLES: ReadonlyMap<string, ReadonlySet<string>> = new Map([
  [
    'cloudformation:rolearn',
    new Set(
      ['CreateStack', 'UpdateStack', 'DeleteStack', 'CreateChangeSet', 'CreateStackSet', 'UpdateStackSet']
        .concat('ContinueUpdateRollback', 'RollbackStack')
        .map((name) => `cloudformation:${name}`),
    ),
  ],
  ['codebuild:servicerole', new Set(['codebuild:CreateProject', 'codebuild:UpdateProject'])],
])
/** Keys that hold the instance profile that the role is in. */
const OF_PROFILES: ReadonlyMap<string, ReadonlySet<string>> = new Map([
  [
    'ec2:instanceprofile',
    new Set(
      ['RunInstances', 'CreateFleet', 'StartInstances', 'StopInstances', 'ModifyInstanceAttribute']
        .concat('CreateReplaceRootVolumeTask')
        .map((name) => `ec2:${name}`),
    ),
  ],
  [
    'ec2:newinstanceprofile',
    new Set(['ec2:AssociateIamInstanceProfile', 'ec2:ReplaceIamInstanceProfileAssociation']),
  ],
])
const FILLS_PROFILE = 'iam:AddRoleToInstanceProfile'

/** What requests tell of a role. */
export type Told = Pick<RoleState, 'arn' | 'name' | 'path'>

/** A role by its ARN alone. */
export function toldBy(arn: string): Told {
  const [, path = '', name = ''] = /:role(\/(?:.*\/)?)([^/]*)$/.exec(arn) ?? []
  return { arn, path, name }
}

/** One way in which requests can tell of a role. */
interface Telling {
  readonly narrowed: NarrowedBy
  /** Whether it takes an instance profile of another name than the role's, of which isn't known what it holds. */
  readonly isElsewhere: boolean
}

/** What it takes to start something with a role. */
export interface Started {
  readonly starting: readonly Power[]
  readonly isPotential: boolean
  /** The role is in no instance profile, as far as is known. */
  readonly isPerhaps: boolean
}

/**
 * Whether somebody may start something by requests that tell of a role.
 * @param thing ARN of what has the role already, with `*` for what isn't known of it; null: whatever has it
 * @returns null: they may not
 */
export function startedWith(
  way: Way,
  from: Holder,
  role: Told,
  how: 'passed' | 'held',
  powers: Powers,
  thing: string | null = null,
): Started | null {
  const { needs } = way
  const [first = []] = needs
  const isFilled = needs.some((actions) => actions.includes(FILLS_PROFILE))
  for (const { narrowed, isElsewhere } of tellingOf(from, role, how, powers)) {
    const by: NarrowedBy =
      thing === null
        ? narrowed
        : (action) =>
            first.includes(action)
              ? { ...(narrowed(action) ?? NOT_NARROWED), within: thing }
              : narrowed(action)
    const starting = powers.allOf(from, needs, by)
    if (starting === null) continue
    const profile = isFilled || !lacksProfile(way, role, powers) ? [] : powers.allOf(from, MAKING_PROFILE)
    return {
      starting: [...starting, ...(how === 'passed' ? (profile ?? []) : [])],
      isPotential: isElsewhere && !isFilled,
      isPerhaps: profile === null || (how === 'held' && profile.length > 0),
    }
  }
  return null
}

const MAKING_PROFILE: Way['needs'] = [['iam:CreateInstanceProfile'], [FILLS_PROFILE]]

/** Whether a way gives a role to instances, and the role is known to be in no instance profile. */
const lacksProfile = ({ reaches }: Way, { arn }: Told, { view }: Powers): boolean =>
  'services' in reaches &&
  reaches.services.length === 1 &&
  reaches.services[0] === 'ec2.amazonaws.com' &&
  view.things.isWithoutProfile(arn)

/** Roles that conditions on such keys name, by ARN. */
export const rolesTold = (from: Holder, powers: Powers): readonly string[] =>
  valuesOf(OF_ROLES, from, powers).flatMap((value) =>
    /:role\/[^$]+$/.test(value) ? [value.replace(/[*?]+/g, 'x')] : [],
  )

function valuesOf(keys: ReadonlyMap<string, unknown>, from: Holder, powers: Powers): readonly string[] {
  const side = powers.sideOf(from)
  const conditions = (side === null ? [] : placedStatements(side)).flatMap(
    ({ symbolic }) => symbolic.source.conditions,
  )
  return conditions.flatMap(({ key, values }) => (keys.has(key.toLowerCase()) ? values : []))
}

/**
 * How requests that start something tell of the role, as far as somebody's policies ask for it; the likeliest first.
 * @param how `passed`: they name the role. `held`: what is there has it already, so that they may as well name none
 * @see Service Authorization Reference, "Condition keys for AWS CloudFormation", "… for AWS CodeBuild", "… for Amazon EC2":
 * of instances alone
 */
function tellingOf(from: Holder, role: Told, how: 'passed' | 'held', powers: Powers): readonly Telling[] {
  const asked = keysAskedFor(from, powers)
  const asksForRole = [...OF_ROLES.keys()].some((key) => asked.has(key))
  const asksForProfile = [...OF_PROFILES.keys()].some((key) => asked.has(key))
  if (!asksForRole && !asksForProfile) return PLAIN
  const roles = how === 'passed' || !asksForRole ? [[role.arn]] : [null, [role.arn]]
  const profiles = asksForProfile ? profilesOf(from, role, powers) : [{ arn: '', isElsewhere: false }]
  return roles.flatMap((value) =>
    profiles.map(({ arn, isElsewhere }): Telling => {
      const within = instancesOf(role.arn)
      return {
        isElsewhere,
        narrowed: (action) => {
          for (const [key, actions] of OF_ROLES)
            if (asked.has(key) && actions.has(action)) return { given: new Map([[key, value]]), within: null }
          for (const [key, actions] of OF_PROFILES)
            if (asked.has(key) && actions.has(action)) return { given: new Map([[key, [arn]]]), within }
          return asksForProfile && action === FILLS_PROFILE ? { given: new Map(), within: arn } : null
        },
      }
    }),
  )
}

const PLAIN: readonly Telling[] = [{ narrowed: () => null, isElsewhere: false }]

const instancesOf = (arn: string): string => `arn:${arn.split(':')[1]}:ec2:*:${accountOf(arn)}:instance/*`

/** Those that the role is known to be in, else the one of its name, as the console makes it; and those that policies name which have no other role's. */
function profilesOf(
  from: Holder,
  { arn, name, path }: Told,
  powers: Powers,
): readonly { readonly arn: string; readonly isElsewhere: boolean }[] {
  const begin = `${arn.split(':').slice(0, 5).join(':')}:instance-profile/`
  const { profiles } = powers.view.things
  const known = [...profiles].flatMap(([profile, role]) => (role === arn ? [profile] : []))
  const isOfOther = (profile: string) => (profiles.get(profile) ?? arn) !== arn
  const alike = [...new Set([`${begin}${name}`, `${begin}${path.slice(1)}${name}`])]
  const own = known.length > 0 ? known : alike.filter((profile) => !isOfOther(profile))
  const roles = powers.view.accounts.get(from.account)?.entities.role
  const named = valuesOf(OF_PROFILES, from, powers).flatMap((value) => {
    const [, rest] = /:instance-profile\/([^$]+)$/.exec(value) ?? []
    return rest === undefined ? [] : [rest.replace(/[*?]+/g, 'x')]
  })
  const others = [...new Set(named)].filter((rest) => !roles?.has(rest.split('/').at(-1) ?? ''))
  return [
    ...own.map((each) => ({ arn: each, isElsewhere: false })),
    ...others
      .map((rest) => ({ arn: `${begin}${rest}`, isElsewhere: true }))
      .filter((each) => !own.includes(each.arn) && !isOfOther(each.arn)),
  ]
}
