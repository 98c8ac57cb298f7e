import { type Edge, stepBy, type World } from '../edge.ts'
import { type Holder, holderOf, shortName } from '../powers/holder.ts'
import { type WayTo, waysTo } from '../ways/ways.ts'
import { isWellKnown, type TrustedProvider } from './trusts.ts'

const WAYS = waysTo('provider')

/** Signs in as anybody of an identity provider, whose roles are those that trust it. */
export function* speakingForProviders(from: Holder, world: World): Iterable<Edge> {
  const { powers, trusts, view } = world
  for (const way of WAYS) {
    const [[action = ''] = []] = way.needs
    if (powers.anyOf(from, [action]) === null) continue
    for (const provider of trusts.providersOf(from.account)) {
      const roles = rolesBy(way, provider)
      const power = roles.length === 0 ? null : powers.on(from, action, provider.arn)
      const isUsed = power === null ? 'no' : canBeUsed(way, provider, from, world)
      if (power === null || isUsed === 'no') continue
      for (const { arn } of roles) {
        const to = holderOf(arn, 'service', view)
        if (to === null) continue
        yield {
          steps: [
            {
              ...stepBy(way, from, provider.arn, [power]),
              does: `${way.does.replace('{}', shortName(provider.arn))}, and signs in as ${shortName(arn)}`,
              reaches: arn,
            },
          ],
          power,
          to,
          target: arn,
          class: 'takes-over-identity',
          // Who makes a provider says what it vouches for by SAML alone: by OpenID Connect whoever has its host does.
          isPotential: isUsed === 'perhaps' || (way.isPotential === true && way.reaches.kind !== 'saml'),
          undeclared: null,
        }
      }
    }
  }
}

/**
 * Whether a provider is there to be rewritten, or isn't there to be made; whoever may delete it may make it anew.
 * @returns perhaps: nobody knows whether it has to be made, or it can be rewritten as soon as somebody makes it
 */
function canBeUsed(
  { reaches: { only } }: WayTo<'provider'>,
  { arn }: TrustedProvider,
  from: Holder,
  { powers, view }: World,
): 'yes' | 'no' | 'perhaps' {
  const isThere = view.things.hasProvider(arn)
  if (only !== 'absent') return isThere === false ? 'perhaps' : 'yes'
  if (isThere === null) return 'perhaps'
  const kind = arn.includes(':saml-provider/') ? 'SAML' : 'OpenIDConnect'
  return !isThere || powers.on(from, `iam:Delete${kind}Provider`, arn) !== null ? 'yes' : 'no'
}

function rolesBy(
  { reaches: { kind, only } }: WayTo<'provider'>,
  { arn, roles, unpinned }: TrustedProvider,
): TrustedProvider['roles'] {
  if (!arn.includes(`:${kind}-provider/`)) return []
  if (only === 'private') return isWellKnown(arn) ? [] : roles
  return only === 'unpinned' ? unpinned : roles
}
