import { isOfEndpoint, PUBLIC_ADDRESS } from '../../../evaluator/keys/endpoint-keys.ts'
import type { KeyAtom, Literal } from '../atom.ts'
import { absentLiteral } from '../compile-condition.ts'
import type { Symbols } from '../symbols.ts'

/** A request comes from a public address or through an endpoint, and tells of one of them. */
export function endpointAxioms(
  byKey: ReadonlyMap<string, readonly KeyAtom[]>,
  symbols: Symbols,
): readonly (readonly Literal[])[] {
  const [address] = byKey.get(PUBLIC_ADDRESS) ?? []
  if (address === undefined) return []
  return [...byKey].flatMap(([key, [atom]]) =>
    atom !== undefined && isOfEndpoint(key)
      ? [[absentLiteral(address.spelling, symbols), absentLiteral(atom.spelling, symbols)]]
      : [],
  )
}
