import { DiagnosticError, errorOf } from '../../diagnostics/index.ts'
import { tellsTime } from '../../evaluator/keys/sending-keys.ts'
import { parseIpRange } from '../../policy/condition-values.ts'
import { type Flags, flagList, flagSet, flagText } from '../command.ts'

/** The request context that flags give: `--context`, `--source-ip` and `--mfa`. @throws DiagnosticError `cli.…` */
export function givenContext(flags: Flags): ReadonlyMap<string, readonly string[]> {
  const context = new Map<string, readonly string[]>()
  const spellings = new Map<string, string>()
  const give = (key: string, value: string) => {
    // Names of context keys ignore case: the first spelling stands for all.
    const spelled = spellings.get(key.toLowerCase()) ?? key
    spellings.set(key.toLowerCase(), spelled)
    context.set(spelled, [...(context.get(spelled) ?? []), value])
  }
  for (const given of flagList(flags, 'context')) {
    const equals = given.indexOf('=')
    if (equals < 1)
      throw invalid(
        `\`--context ${given}\` is not a key and a value`,
        'write `--context aws:SourceIp=10.0.0.1`',
      )
    give(given.slice(0, equals), given.slice(equals + 1))
  }
  const sourceIp = flagText(flags, 'sourceIp')
  if (sourceIp !== null) {
    // A mistyped address would be outside of every range, and a decision for the wrong reason.
    if (sourceIp.includes('/') || parseIpRange(sourceIp) === null)
      throw invalid(
        `\`--source-ip ${sourceIp}\` is not an address`,
        'write `--source-ip 10.0.0.1`, or an IPv6 address',
      )
    give('aws:SourceIp', sourceIp)
  }
  if (flagSet(flags, 'mfa')) give('aws:MultiFactorAuthPresent', 'true')
  return context
}

/** The time that `--at` names, or now. @throws DiagnosticError when it isn't a time */
export function givenTime(flags: Flags): Date {
  const text = flagText(flags, 'at')
  if (text === null) return new Date()
  return parseTime('--at', text)
}

/** @throws DiagnosticError when it isn't a time */
export function parseTime(flag: string, text: string): Date {
  // `Date` also reads `1` and `May 5`, each machine in its own time zone.
  const time = /^\d{4}-\d\d-\d\d(?:T\d\d:\d\d(?::\d\d(?:\.\d+)?)?(?:Z|[+-]\d\d:?\d\d))?$/.test(text)
    ? new Date(text)
    : null
  if (time === null || Number.isNaN(time.getTime()))
    throw invalid(`\`${flag} ${text}\` is not a time`, 'write `2026-12-31T23:59:00Z`, or a date')
  return time
}

/** The keys by which a request tells its time, where `--at` names one; a context that is given goes before them. */
export function timeContextOf(
  flags: Flags,
  given: ReadonlyMap<string, readonly string[]>,
): ReadonlyMap<string, readonly string[]> {
  if (flagText(flags, 'at') === null || tellsTime(given)) return new Map()
  const time = givenTime(flags)
  return new Map([
    ['aws:CurrentTime', [time.toISOString().replace('.000Z', 'Z')]],
    ['aws:EpochTime', [String(Math.floor(time.getTime() / 1000))]],
  ])
}

/** The account id that `--resource-account` gives. @throws DiagnosticError when it isn't one */
export function givenResourceAccount(flags: Flags): string | null {
  const text = flagText(flags, 'resourceAccount')
  if (text !== null && !/^\d{12}$/.test(text))
    throw invalid(`\`--resource-account ${text}\` is not an account id`, 'an account id has twelve digits')
  return text
}

const invalid = (message: string, help: string): DiagnosticError =>
  new DiagnosticError(errorOf({ code: 'cli.invalid-value', message, help }))

/** How rules that AWS leaves open are read. */
export const readingOf = (flags: Flags): { readonly assume?: 'strict' } =>
  flagText(flags, 'assume') === 'strict' ? { assume: 'strict' } : {}
