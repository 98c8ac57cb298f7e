import type { Request } from '../decision.ts'
import type { AskedResource } from './asked-resources.ts'
import type { EstatePrincipal } from './estate-principals.ts'
import { type Refusal, refuse } from './refusal.ts'

/** Why a question can't be decided without the resource's own policy, and what to do about it. */
export function refuseUnknown(
  unknown: NonNullable<AskedResource['unknown']>,
  { action, resource }: Request,
  { name }: EstatePrincipal,
): Refusal {
  const declare = `declare it under \`resources:\` (\`${resource}\`), or pass it with \`--resource-policy FILE\``
  switch (unknown) {
    case 'keyPolicy':
      return refuse(
        'evaluate.unknown-resource-policy',
        `\`${action}\` on \`${resource}\` is decided by the key's own policy, which is not known`,
        declare,
      )
    case 'trustPolicy':
      return refuse(
        'evaluate.unknown-resource-policy',
        `\`${action}\` on \`${resource}\` is decided by the role's trust policy, and its account is not known`,
        'add its account to the project, or pass the trust policy with `--resource-policy FILE`',
      )
    case 'organization':
      return refuse(
        'evaluate.unknown-organization',
        `whether \`${name}\` may become \`${resource}\` is up to their organization, which is not known well enough`,
        'declare the `organization:`; only its management account, and the account that administers IAM for it, may',
      )
    case 'foreign':
      return refuse(
        'evaluate.unknown-resource-policy',
        `\`${resource}\` belongs to another account than \`${name}\`, so its own policy must allow access too, which is not known`,
        declare,
      )
    case 'onlyPolicy':
      return refuse(
        'evaluate.unknown-resource-policy',
        `only a resource's own policy allows \`${name}\` anything, and that of \`${resource}\` is not known`,
        declare,
      )
  }
}

/** Why a question can't be decided without the account that owns the resource. */
export const ownerUnknown = (resource: string) => ({
  code: 'evaluate.unknown-owner',
  message: `which account owns \`${resource}\` is not known, and the answer hangs on it`,
  help: 'declare it under `resources:` with its `account`, or give `--resource-account ID`',
})

export function refuseOwner({ resource }: Request): Refusal {
  const { code, message, help } = ownerUnknown(resource)
  return refuse(code, message, help)
}

/** Only its own account, which isn't known, says what a principal may do there. */
export const refuseOutsider = ({ name, facts }: EstatePrincipal): Refusal =>
  refuse(
    'evaluate.foreign-principal',
    `\`${name}\` belongs to account ${facts.account}, whose policies are not known here`,
    'ask for a principal of the project, or about a resource that the project declares',
  )
