import { comesByService, VIA_SERVICE } from '../../../evaluator/keys/sending-keys.ts'
import type { KeyAtom, Literal } from '../atom.ts'
import { absentLiteral } from '../compile-condition.ts'
import type { Domain } from '../domain.ts'
import type { Symbols } from '../symbols.ts'
import { foldedGlob } from '../tokens.ts'

/**
 * A request that tells by way of which services it comes is sent by one.
 * @see IAM User Guide, "AWS global condition context keys": aws:CalledVia, aws:ViaAWSService
 */
export function sendingAxioms(
  byKey: ReadonlyMap<string, readonly KeyAtom[]>,
  settled: Domain['settled'],
  symbols: Symbols,
): readonly (readonly Literal[])[] {
  const via = VIA_SERVICE.toLowerCase()
  const given = settled.get(via)
  if (!byKey.has(via) && given === undefined) return []
  const isSent =
    given === undefined ? [isTrue(VIA_SERVICE, symbols)] : given?.toLowerCase() === 'true' ? null : []
  return [...byKey].flatMap(([key, [atom]]) =>
    atom === undefined || isSent === null || !comesByService(key)
      ? []
      : [[absentLiteral(atom.spelling, symbols), ...isSent]],
  )
}

function isTrue(spelling: string, { langs, atoms }: Symbols): Literal {
  const lang = langs.of([foldedGlob('true')])
  const predicate = { kind: 'text', lang, upper: lang, lower: lang } as const
  const key = spelling.toLowerCase()
  return atoms.keyAtom({ key, spelling, whenAbsent: false, predicate, several: 'any', variables: [] }) + 1
}
