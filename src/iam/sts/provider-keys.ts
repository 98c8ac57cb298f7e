import type { JSONWebKeySet } from 'jose'

/**
 * Keys by which a provider signs, by its issuer; it rejects where they can't be had.
 * @param lacking what it has given before and has not the key of a token: it gives newer ones, where there may be any, or the same again
 */
export type ProviderKeys = (issuer: string, lacking?: JSONWebKeySet) => Promise<JSONWebKeySet>
