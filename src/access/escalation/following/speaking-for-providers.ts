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
      if (power === null || (way.reaches.only === 'absent' && stays(provider, from, world))) continue
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
          isPotential: way.isPotential === true,
          undeclared: null,
        }
      }
    }
  }
}

/** Whether a provider is there, so that nobody can make it, but who may take it away before. */
function stays({ arn }: TrustedProvider, from: Holder, { powers, view }: World): boolean {
  if (view.estate.providers?.has(arn) !== true) return false
  const kind = arn.includes(':saml-provider/') ? 'SAML' : 'OpenIDConnect'
  return powers.on(from, `iam:Delete${kind}Provider`, arn) === null
}

function rolesBy(
  { reaches: { kind, only } }: WayTo<'provider'>,
  { arn, roles, unpinned }: TrustedProvider,
): TrustedProvider['roles'] {
  if (!arn.includes(`:${kind}-provider/`)) return []
  if (only === 'private') return isWellKnown(arn) ? [] : roles
  return only === 'unpinned' ? unpinned : roles
}
