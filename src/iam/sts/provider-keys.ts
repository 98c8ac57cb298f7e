import type { JSONWebKeySet } from 'jose'

/** Keys by which a provider signs, by its issuer; it rejects where they can't be had. */
export type ProviderKeys = (issuer: string) => Promise<JSONWebKeySet>
