// Faults by what would mend them: a short list, in the order in which the first that fits is taken.
import { type Fault, kindOf } from './faults.ts'

interface Family {
  readonly name: string
  readonly fits: RegExp
}

/** Of `kindOf`: gate, way, and what it is about. */
export const FAMILIES: readonly Family[] = [
  { name: 'crash over a provider', fits: / crash: .*provider/ },
  { name: 'crash over a federated user', fits: / crash: .*federated user/ },
  { name: 'crash over a service', fits: / crash: .*service/ },
  { name: 'crash over a stranger of the public check', fits: /^noPublicAccess crash/ },
  { name: 'crash over a principal of the project', fits: / crash: .*own (?:user|role|session|root)/ },
  { name: 'crash over somebody outside', fits: / crash: .*(?:named|stranger|member|anonymous|any) ?/ },
  { name: 'crash', fits: / crash: / },
  { name: 'outside access holds', fits: /^noOutsideAccess (?:held|missed)/ },
  { name: 'somebody inside is told of as outside', fits: /^noOutsideAccess wrong: .*is inside/ },
  { name: 'a chain of roles', fits: / of a chain is denied| by way of another$/ },
  { name: 'another reading of an open rule', fits: / by another reading/ },
  { name: 'a resource of an account outside of the project', fits: /on a resource of no account of ours/ },
  { name: 'who-can does not list somebody', fits: /^whoCan missed/ },
  { name: 'who-can lists somebody who is denied', fits: /^whoCan wrong/ },
  { name: 'only sts:TagSession on a role', fits: /on a role \(TagSession\)/ },
  { name: 'a call that needs no policy', fits: /\(Get(?:CallerIdentity|SessionToken)\)/ },
  { name: 'neverPrincipals that name somebody outside', fits: /^never held: (?!own)/ },
  { name: 'neverPrincipals that name a session', fits: /^never held: own (?:session|federated user)/ },
  { name: 'two owners of one bucket', fits: /two owners/ },
  { name: 'names of a calling service are not derived', fits: /principalservicename.*isn't derived/ },
  { name: "a service's own keys of tags are not derived", fits: /resourcetag.*isn't derived/ },
  { name: 'partitions of principals are not compared', fits: /^evaluator inconsistent: .*partition/ },
  { name: 'a name that the service does not allow', fits: /a bucket with a slash/ },
  { name: 'a bucket without a name', fits: /a bucket without a name|an ARN without an account/ },
  {
    name: 'a witness that contradicts its resource',
    fits: /unreal: .*aws:(?:ResourceAccount|RequestedRegion)/,
  },
  { name: 'a witness whose caller can have no such ARN', fits: /unreal: .*aws:PrincipalArn/ },
  {
    name: 'a witness with a key that such requests never have',
    fits: /unreal: .*(?:ExternalId|of a provider|aws:username)/,
  },
  { name: 'a witness with an impossible aws:userid', fits: /unreal: .*aws:userid/ },
  {
    name: 'a witness with an organization that its caller is not in',
    fits: /our organization|another organization|an organization of somebody/,
  },
  { name: 'another impossible witness', fits: / unreal: / },
  { name: 'a pattern entry beside a typed one', fits: /a pattern entry beside/ },
  { name: 'a verdict by the pattern tier', fits: /a pattern or future entry decides/ },
  {
    name: 'what was allowed before is gained, or what still is is lost',
    fits: /^diff wrong: .*is allowed before/,
  },
  { name: 'two forms of one question have two answers', fits: /^whoMay inconsistent/ },
  { name: 'a potential access that is denied', fits: / wrong: .*\(potential\)/ },
  {
    name: 'somebody outside is listed and denied',
    fits: / wrong: \w+ (?:named|stranger|member|any|anonymous|service|provider|unique|canonical)/,
  },
  { name: 'somebody of the project is listed and denied', fits: / wrong: \w+ own/ },
  { name: 'session tags', fits: /(?:held|missed): .*with session tags/ },
  {
    name: 'federated users of the project',
    fits: /(?:held|missed): (?:gained by |lost by )?own federated user/,
  },
  { name: 'somebody of the project is missed', fits: /(?:held|missed): (?:gained by |lost by )?own/ },
  { name: 'public access holds', fits: /^noPublicAccess held/ },
  { name: 'a service is missed', fits: /(?:held|missed): (?:gained by |lost by )?service/ },
  { name: 'a provider is missed', fits: /(?:held|missed): (?:gained by |lost by )?provider/ },
  {
    name: 'a canonical user or unique id is missed',
    fits: /(?:held|missed): (?:gained by |lost by )?(?:canonical|unique)/,
  },
  { name: 'somebody anonymous is missed', fits: /(?:held|missed): (?:gained by |lost by )?anonymous/ },
  { name: 'somebody outside is missed', fits: /(?:held|missed): / },
  { name: 'another fault', fits: /./ },
]

export const familyOf = (fault: Fault): string => {
  const kind = kindOf(fault)
  return FAMILIES.find(({ fits }) => fits.test(kind))?.name ?? kind
}
