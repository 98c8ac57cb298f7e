import type { StateDocument } from '../../model/index.ts'
import type { PolicyUse } from '../../policy/parsed.ts'
import { isObject } from '../../policy/parsing.ts'
import type { DocumentIntake } from '../document-intake.ts'
import type { Source } from '../intake.ts'

/** What a list of the details holds of somebody or something. */
export type GaadDetail = Readonly<Record<string, unknown>>

/**
 * Reads the attributes of one user, group, role or policy. What says which access it has and can't be read becomes a document that
 * isn't known, so that nothing is said of its access.
 */
export class AttributeReader {
  /** As findings call it. */
  holds: string
  readonly #detail: GaadDetail
  readonly #source: Source
  readonly #documents: DocumentIntake

  constructor(detail: GaadDetail, source: Source, documents: DocumentIntake) {
    this.#detail = detail
    this.#source = source
    this.#documents = documents
    this.holds = source.address
  }

  /** Of a list; nothing where there is none, or it is no list. */
  items(attribute: string): readonly unknown[] {
    const value = this.#detail[attribute]
    return Array.isArray(value) ? value : []
  }

  /** Empty where there is none. */
  text(attribute: string): string {
    const value = this.#detail[attribute]
    return typeof value === 'string' ? value : ''
  }

  document(attribute: string, use: PolicyUse): StateDocument {
    return this.#documents.read(this.#detail[attribute], use, this.#at(attribute), this.holds)
  }

  /** @returns a map of its own, which takes what else can't be read */
  inlinePolicies(attribute: string): Map<string, StateDocument> {
    const policies = new Map<string, StateDocument>()
    this.#each(attribute, policies, (item, at) => {
      if (!isObject(item) || typeof item.PolicyName !== 'string') return false
      policies.set(item.PolicyName, this.#documents.read(item.PolicyDocument, 'identity', at, this.holds))
      return true
    })
    return policies
  }

  /** @param inline takes a document that isn't known, where one of these can't be read */
  grants(inline: Map<string, StateDocument>): {
    readonly managedPolicies: readonly string[]
    readonly permissionsBoundary: string | null
    readonly tags: ReadonlyMap<string, string>
  } {
    const managedPolicies: string[] = []
    this.#each('AttachedManagedPolicies', inline, (item) => {
      if (!isObject(item) || typeof item.PolicyArn !== 'string') return false
      managedPolicies.push(item.PolicyArn)
      return true
    })
    const tags = new Map<string, string>()
    this.#each('Tags', inline, (item) => {
      if (!isObject(item) || typeof item.Key !== 'string' || typeof item.Value !== 'string') return false
      tags.set(item.Key, item.Value)
      return true
    })
    return { managedPolicies, permissionsBoundary: this.#boundary(inline), tags }
  }

  /** Of a user. */
  member(inline: Map<string, StateDocument>): { readonly groups: readonly string[] } {
    const groups: string[] = []
    this.#each('GroupList', inline, (item) => {
      if (typeof item === 'string') groups.push(item)
      return typeof item === 'string'
    })
    return { groups }
  }

  /** Of a managed policy: what it says now. */
  defaultVersion(holds: string): StateDocument {
    const versions = this.items('PolicyVersionList')
    const isDefault = (version: unknown): boolean =>
      isObject(version) &&
      (typeof this.#detail.DefaultVersionId === 'string'
        ? version.VersionId === this.#detail.DefaultVersionId
        : version.IsDefaultVersion === true)
    const index = versions.findIndex(isDefault)
    const version = versions[index]
    return isObject(version)
      ? this.#documents.read(version.Document, 'identity', this.#at(`PolicyVersionList[${index}]`), holds)
      : this.#documents.unreadable(this.#at('PolicyVersionList'), holds, 'PolicyVersionList')
  }

  versions(): readonly { readonly id: string; readonly isDefault: boolean }[] {
    return this.items('PolicyVersionList').flatMap((version) =>
      isObject(version) && typeof version.VersionId === 'string'
        ? [{ id: version.VersionId, isDefault: version.IsDefaultVersion === true }]
        : [],
    )
  }

  #boundary(inline: Map<string, StateDocument>): string | null {
    const value = this.#detail.PermissionsBoundary
    if (value === undefined || value === null) return null
    const arn = isObject(value) ? value.PermissionsBoundaryArn : undefined
    if (typeof arn === 'string') return arn
    this.#notRead('PermissionsBoundary', inline)
    return null
  }

  #each(
    attribute: string,
    inline: Map<string, StateDocument>,
    take: (item: unknown, at: Source) => boolean,
  ): void {
    const value = this.#detail[attribute]
    if (value === undefined || value === null) return
    if (!Array.isArray(value)) {
      this.#notRead(attribute, inline)
      return
    }
    for (const [index, item] of value.entries()) {
      const part = `${attribute}[${index}]`
      if (!take(item, this.#at(part))) this.#notRead(part, inline)
    }
  }

  #notRead(attribute: string, inline: Map<string, StateDocument>): void {
    inline.set(`(${attribute})`, this.#documents.unreadable(this.#at(attribute), this.holds, attribute))
  }

  #at = (attribute: string): Source => ({
    file: this.#source.file,
    address: `${this.#source.address}.${attribute}`,
  })
}
