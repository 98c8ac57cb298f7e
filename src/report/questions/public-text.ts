import type { Coverage, S3Ruling } from '../../access/analysis.ts'
import type { Wideness } from '../../access/public/narrowing.ts'
import type { SourceTexts } from '../../diagnostics/index.ts'
import type { Laid } from '../access/laid.ts'
import { lineOf } from '../decisions/evaluation.ts'
import { counted, printable } from '../layout/paint.ts'

/** Declared resources whose names stand on a line before the rest is only counted. */
const MOST_NAMES = 3

/** A statement that S3 calls public, and why. */
export function rulingLaid(ruling: S3Ruling, texts: SourceTexts): Laid {
  const { resource, sid, statement, source, principals, block } = ruling
  const which = sid === null ? `statement ${statement + 1}` : `statement ${printable(sid)}`
  const place = source === null ? '' : `  (${lineOf(source, texts)})`
  const line = `${which} lets in everybody: ${whyText(ruling)}${place}`
  const isBlocked = block !== null
  return {
    sign: isBlocked ? '~' : '+',
    style: isBlocked ? 'changed' : 'added',
    who: printable(resource),
    principals,
    lines: () => [line, ...(isBlocked ? [`so it would be public, but ${blockText(block)}`] : [])],
    short: () => line,
  }
}

/** What its conditions leave open. */
function whyText({ why }: S3Ruling): string {
  if (why.length === 0) return 'it has no condition on a key that S3 goes by'
  return why.map(widenessText).join(', and ')
}

function widenessText({ key, by, value }: Wideness): string {
  const name = printable(key)
  const shown = `\`${printable(value)}\` of ${name}`
  switch (by) {
    case 'wildcard':
      return `${shown} is not a fixed value`
    case 'variable':
      return `${shown} holds a variable`
    case 'wide-range':
      return `${shown} is wider than /8, of IPv6 than /32`
    case 'absent':
      return `requests without ${name} pass`
    case 'negated':
      return `${name} is only told what it is not`
    case 'operator':
      return `the operator fixes no value of ${name}`
  }
}

/** What is declared of a public access block. */
export const blockText = (block: 'resource' | 'account'): string =>
  block === 'account'
    ? 'block public access is declared for its account'
    : 'block public access is declared for it'

/** Whose policies a claim about outsiders was held against. */
export function coverageText({ roles, resources, unseen }: Coverage): string {
  if (unseen !== undefined && resources.length === 0)
    return `looked at: the trust policies of ${counted(roles, 'role')} only; resource policies, and ACLs, are not known`
  if (roles === 0 && resources.length === 0) return 'there is no role and no declared resource to look at'
  const names = resources.slice(0, MOST_NAMES).map(printable)
  const more = resources.length - names.length
  const declared =
    names.length === 0
      ? 'no declared resource'
      : `${counted(resources.length, 'declared resource')} (${names.join(', ')}${more > 0 ? ` and ${more} more` : ''})`
  return `looked at: the trust policies of ${counted(roles, 'role')}, and ${declared}; resources that are not declared, and ACLs, are not known`
}
