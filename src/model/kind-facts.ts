import type { QuotaName } from './quotas.ts'

/** Names that aren't made of what most are. */
interface NameForm {
  /** Of a whole name. */
  readonly pattern: RegExp
  /** What people are told that it takes. Without a colon. */
  readonly told: string
}

/** A kind that has a name, a path and an ARN in its account. */
export interface EntityFacts {
  readonly family: 'entity'
  /** Its key in a manifest, and what several of it are called: `users`. */
  readonly section: string
  /** What one of it is called: `user`. */
  readonly label: string
  /** What stands before that. */
  readonly article: 'a' | 'an'
  /** As the names of operations have it: `User`. */
  readonly title: string
  /** The field of an input that names one of it: `UserName`. */
  readonly nameField: string
  /** Characters, all of them ASCII. @see IAM API Reference: the lengths of UserName, GroupName, RoleName, PolicyName */
  readonly longestName: number
  /** What its ARNs begin with after the account: `user`. */
  readonly arnType: string
  /** What its names are made of. Absent: letters, digits and `+=,.@_-`, as most are. */
  readonly names?: NameForm
  /** What names of AWS's own begin with: nobody else's may. Absent: nothing. */
  readonly reservedNames?: readonly string[]
  /** Whether it stands under no path: all of its ARN after the type is its name, which may have a `/` in it. Absent: it has a path. */
  readonly isPathless?: true
  /**
   * The first four characters of its unique ids; of a kind to which AWS gives none, of those that a store tells it by.
   * @see IAM User Guide, "IAM identifiers"
   */
  readonly idPrefix: string
  /**
   * What it is to the policies that are attached to it: a `principal` makes requests under them, `members` makes none and has
   * them for its members; null: policies are attached to none of it.
   * @see IAM User Guide, "IAM identities"
   */
  readonly identity: 'principal' | 'members' | null
  /**
   * The kinds that must be there before one of it is created, since what it is created with names them; and so the kinds that
   * go after it. What only a single step needs, such as whom a trust policy names, that step waits for.
   */
  readonly after: readonly string[]
  /**
   * Whether AWS makes it and owns what it makes: it is declared to be there, and not given up by no longer being declared.
   * Absent: it isn't so.
   */
  readonly isOfAws?: true
  /** Whether roles may trust it, so that whoever speaks for it comes to them. Absent: it is no identity provider. */
  readonly isIdentityProvider?: true
  /** Where its name says its place, that, and what it is called there; null: nobody knows. Absent: it has a path, and its name. */
  readonly placeOf?: (name: string) => KnownPlace | null
  /** How many an account may have. Of what AWS owns nothing says it. */
  readonly quota: QuotaName
}

/** What the ARN of an entity is made of. */
export interface KnownPlace {
  readonly arnType: string
  readonly path: string
  readonly name: string
}

/** A kind that is named under an entity, and has no ARN: AWS knows each by an id that it gives. */
export interface ChildFacts {
  readonly family: 'child'
  /** Its key in its parent's declaration. */
  readonly section: string
  readonly label: string
  readonly article: 'a' | 'an'
  /** What several of it are called. */
  readonly plural: string
  /** The kind of the entity that it belongs to. */
  readonly parent: string
  /** What a reviewer is shown of which it is: the path of a detail. */
  readonly shownAs: string
  /** How many one parent may have; where there are varieties, of each. @see IAM User Guide, "IAM and AWS STS quotas": no account has more */
  readonly most: number
  /** Whether what one of a parent is, none of another parent may be. */
  readonly isOfOneParent: boolean
  /** Whether requests that are made with it never show MFA, and have no key that says so. Absent: it makes none. */
  readonly isWithoutMfa?: true
  /** What AWS says to who deletes a parent that has some. */
  readonly standsInTheWay: string
  /** What its columns in a credential report begin with, before its number and `active`. Absent: it has none. */
  readonly reportedAs?: string
  /** The column of a credential report that says whether somebody has one. Absent: none does. */
  readonly reportedIn?: string
}

/** A kind of which an account has one at most. */
export interface SettingFacts {
  readonly family: 'setting'
  /** Its key in a manifest; null: it stands in the project file. */
  readonly section: string | null
  readonly label: string
}

export type KindFacts = EntityFacts | ChildFacts | SettingFacts

/** `users`, `instance profiles` */
export const severalOf = ({ section, label }: Pick<EntityFacts, 'section' | 'label'>): string =>
  // The key in a manifest is one word, whatever it is made of.
  /[ -]/.test(label) ? `${label}s` : section

/** `a user` */
export const oneOf = ({ article, label }: EntityFacts | ChildFacts): string => `${article} ${label}`
