/** Of a kind of which a store keeps nothing beside its name and path, its links, documents and tags. */
export type NoBody = Readonly<Record<string, never>>
