import { type ActionFacts, loadActions } from './actions.ts'

/**
 * Keys that credentials carry into requests to every service, though they are named after the one that issued them.
 * @see EC2 User Guide, "Use instance roles": `ec2:SourceInstanceARN`, `ec2:RoleDelivery`; Lambda Developer Guide, "Working with
 * Lambda execution environment credentials"; Glue Developer Guide, "Global condition keys"; IAM Identity Center User Guide,
 * "Identity-enhanced sessions"
 */
const OF_CREDENTIALS: ReadonlySet<string> = new Set([
  'ec2:roledelivery',
  'ec2:sourceinstancearn',
  'glue:credentialissuingservice',
  'glue:roleassumedby',
  'identitystore:groupid',
  'identitystore:identitystorearn',
  'identitystore:userid',
  'lambda:sourcefunctionarn',
  'ssm:sourceinstancearn',
])

/** In requests for a role's credentials, and never later. @see IAM User Guide, "Available keys for AWS STS" */
const OF_ASSUMING: ReadonlySet<string> = new Set([
  'sts:externalid',
  'sts:rolesessionname',
  'sts:sourceidentity',
])
const ASSUMES = /^sts:(?:assumerole|tagsession|setsourceidentity|setcontext)/

/** Reads the catalogue. @returns whether requests for an action can carry a key; both in lower case */
export async function loadCarriedKeys(): Promise<(action: string, key: string) => boolean> {
  const carried = new CarriedKeys(await loadActions())
  return (action, key) => carried.mayCarry(action, key)
}

/**
 * Which keys requests for an action can carry: those of its own service, those that the catalogue lists, all global ones, and
 * all of which nothing is known. A key that belongs to another service is never there.
 */
export class CarriedKeys {
  readonly #facts: ActionFacts
  readonly #known = new Map<string, boolean>()
  readonly #ofServices = new Map<string, ReadonlySet<string>>()

  constructor(facts: ActionFacts) {
    this.#facts = facts
  }

  /** @param action and key in lower case; an action may be the beginning of one: `s3:` */
  mayCarry(action: string, key: string): boolean {
    if (OF_ASSUMING.has(key)) return ASSUMES.test(action)
    const service = serviceOf(action)
    const place = `${service} ${key}`
    let may = this.#known.get(place)
    if (may === undefined) {
      may = this.#mayService(service, key)
      this.#known.set(place, may)
    }
    return may
  }

  #mayService(service: string, key: string): boolean {
    const owner = serviceOf(key)
    if (!this.#facts.hasService(owner) || !this.#facts.hasService(service)) return true
    if (areRelated(owner, service) || OF_CREDENTIALS.has(key)) return true
    // Of what the catalogue doesn't know nobody knows where it belongs.
    return this.#facts.conditionKeyTypeOf(key) === null || this.#listedBy(service).has(familyOf(key))
  }

  #listedBy(service: string): ReadonlySet<string> {
    let listed = this.#ofServices.get(service)
    if (listed === undefined) {
      const keys = this.#facts.actionsOf(service).flatMap((action) => this.#facts.conditionKeysOf(action))
      listed = new Set(keys.map(familyOf))
      this.#ofServices.set(service, listed)
    }
    return listed
  }
}

const serviceOf = (text: string): string => text.slice(0, Math.max(0, text.indexOf(':')))

/** `s3` and `s3express`, `redshift-data` and `redshift-serverless`: they may share keys. */
const areRelated = (a: string, b: string): boolean =>
  a.startsWith(b) || b.startsWith(a) || a.split('-', 1)[0] === b.split('-', 1)[0]

/** `ec2:ResourceTag/${TagKey}` stands for any last part. */
const familyOf = (key: string): string => key.toLowerCase().replace(/(:[^/]*)\/.*$/, '$1/')
