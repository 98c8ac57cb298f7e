import type { AccessEntry, Because, Direction, UnknownAccess } from '../../access/access-entry.ts'
import { unknownReason } from '../../checks/invariant-result.ts'
import type { SourceTexts } from '../../diagnostics/index.ts'
import { type Account, isPrincipalEntityArn, type Unseen } from '../../model/index.ts'
import { lineOf } from '../decisions/evaluation.ts'
import { PACKED_WIDTH, type Part, packedLines } from '../layout/packed-lines.ts'
import { type Paint, printable, type Style } from '../layout/paint.ts'
import { type ReplacedRole, replacedLines } from '../plans/replaced-role.ts'
import {
  type GroupMembers,
  policyText,
  principalsText,
  shortPrincipal,
} from '../questions/principals-text.ts'
import { blockText } from '../questions/public-text.ts'
import { differenceText, valuesText } from './access-difference.ts'
import {
  type AccessGroup,
  accessGroups,
  actionsOf,
  type LevelOf,
  type ShownEntry,
  servicesOf,
} from './access-lines.ts'
import {
  allowsNowText,
  assumeText,
  becauseText,
  endedText,
  potentialText,
  resourcesText,
  serviceText,
  sessionTagsText,
  summaryText,
} from './access-words.ts'
import type { Laid } from './laid.ts'

/** What a reader of access changes has to know besides the changes. */
export interface AccessContext {
  /** Whose own principals are shown by their names; null: the changes are of policies that anybody may hold. */
  readonly account: Account | null
  readonly levelOf: LevelOf
  /** How many services the catalogue has. */
  readonly serviceCount: number
  /** The day on which the catalogue of actions was read. */
  readonly catalogDate: string
  /** Members of groups, after the change and before it. */
  readonly members: Readonly<Record<Direction, GroupMembers>>
  /** ARNs of principals that are new after the change, and of those that are gone. */
  readonly fresh: Readonly<Record<Direction, ReadonlySet<string>>>
  /** Roles that are deleted and created again, with another path; absent: none. */
  readonly replaced?: readonly ReplacedRole[]
  /** What the states don't hold; absent: what isn't there isn't declared. */
  readonly unseen?: ReadonlySet<Unseen>
  /** Texts of the state before, where they are others than those after. */
  readonly earlier?: SourceTexts
}

/** Services of a statement, or of a group, before they are only counted. */
const MOST_SERVICES = 8
/** Lines of somebody whose access changes. */
const MOST_LINES = 40
/** Lines of somebody who is new, or gone: what they are given stands with their groups and policies. */
const MOST_FRESH_LINES = 12
const MOST_KEYS = 4
/** How far in the details of a statement stand. */
const DETAILS_INDENT = 6
/** Roles to assume on one line. */
const MOST_ROLES = 2

const SIGNS: Readonly<Record<Direction, readonly [sign: string, style: Style]>> = {
  gained: ['+', 'added'],
  lost: ['-', 'removed'],
}

/** Puts access changes into words, principal by principal. */
export class AccessPage {
  readonly #context: AccessContext
  readonly #texts: Readonly<Record<Direction, SourceTexts>>
  readonly #paint: Paint
  readonly #width: number

  /** @param width of the terminal; absent: there is none */
  constructor(context: AccessContext, texts: SourceTexts, paint: Paint, width?: number) {
    this.#context = context
    this.#texts = { gained: texts, lost: context.earlier ?? texts }
    this.#paint = paint
    this.#width = width === undefined ? PACKED_WIDTH : width - DETAILS_INDENT
  }

  groups(entries: readonly ShownEntry[], direction: Direction): readonly Laid[] {
    return accessGroups(entries, direction).map((group) => this.group(group))
  }

  future(entry: AccessEntry, direction: Direction): Laid {
    const verb = direction === 'gained' ? 'allows' : 'no longer allows'
    const line = `${verb} future actions matching ${entry.actions.map(printable).join(', ')}  (none in the catalogue of ${this.#context.catalogDate})`
    const on = resourcesText(entry, this.#context.account)
    return {
      sign: '~',
      style: 'changed',
      who: this.#who(entry.principals, direction),
      principals: entry.principals,
      lines: () => [line, ...this.#packed([{ text: on === 'on *' ? '' : on }, this.#from(entry, direction)])],
      short: () => line,
    }
  }

  /** @param of a comparison takes what isn't known for a change; a list of who may has nothing that it could be taken for */
  unknown(unknown: UnknownAccess, of: 'comparison' | 'list' = 'comparison'): Laid {
    const { principals, direction, policy, sid, source } = unknown
    const where = [
      ...(policy === '' ? [] : [policyText(policy, this.#context.account)]),
      ...(sid === null ? [] : [`statement ${printable(sid)}`]),
      ...(source === null ? [] : [lineOf(source, this.#texts[direction])]),
    ]
    const counts = of === 'comparison' && unknown.unseen === undefined ? `, so it counts as ${direction}` : ''
    const line = `unknown${counts}: ${unknownReason(unknown)}${where.length === 0 ? '' : `  (${where.join(', ')})`}`
    return {
      sign: '?',
      style: 'changed',
      who: this.#who(principals, direction),
      principals,
      lines: () => [line],
      short: () => line,
    }
  }

  replaced(role: ReplacedRole): Laid {
    const lines = replacedLines(role)
    return {
      sign: '±',
      style: 'replaced',
      who: `role/${printable(role.name)}`,
      principals: [role.after],
      lines: () => lines,
      short: () => lines.join('; '),
    }
  }

  /** Everything that the same principals gain, or lose. */
  group(group: AccessGroup): Laid {
    const { direction, principals, statements } = group
    const [sign, style] = SIGNS[direction]
    const isFresh =
      principals.length > 0 && principals.every((each) => this.#context.fresh[direction].has(each))
    const who = this.#who(principals, direction)
    return {
      sign,
      style,
      who: isFresh
        ? `${who} (${principals.length === 1 ? '' : 'all '}${direction === 'gained' ? 'new' : 'deleted'})`
        : who,
      principals,
      lines: () => {
        const values = Object.assign({}, ...statements.map((each) => each.values ?? {}))
        const told = Object.keys(values).length === 0 ? [] : [valuesText(values)]
        const full = [...told, ...statements.flatMap((each) => this.#statement(each, group))]
        return full.length <= (isFresh ? MOST_FRESH_LINES : MOST_LINES)
          ? full
          : [...told, ...this.#brief(group)]
      },
      short: () => this.#short(group),
    }
  }

  #short(group: AccessGroup): string {
    const { levelOf, serviceCount, account } = this.#context
    const statements = group.statements.filter(({ kind }) => kind === 'action')
    const assumed = group.statements.filter(({ kind }) => kind === 'assume')
    return [
      ...(statements.length === 0
        ? []
        : [summaryText(actionsOf({ ...group, statements }), levelOf, serviceCount)]),
      ...assumed.slice(0, MOST_ROLES).map((entry) => assumeText(entry, group.direction, account)),
      ...(assumed.length > MOST_ROLES ? [`and ${assumed.length - MOST_ROLES} more roles`] : []),
    ].join('; ')
  }

  /** What remains of too many statements: counts by service, and the proof of the most powerful one. */
  #brief(group: AccessGroup): readonly string[] {
    const [first] = group.statements
    const example = first === undefined ? [] : this.#example(first, group)
    return [
      ...this.#services(actionsOf(group)),
      ...example.map((line) => `  ${line}`),
      this.#paint('dim', `  by ${group.statements.length} statements; \`--json\` has them all`),
    ]
  }

  #services(actions: readonly string[]): readonly string[] {
    const { levelOf, serviceCount } = this.#context
    const services = servicesOf(actions, levelOf)
    if (services.length > MOST_SERVICES) return [summaryText(actions, levelOf, serviceCount)]
    const width = Math.max(...services.map(({ service }) => service.length))
    return services.map((each) => `${printable(each.service).padEnd(width)}  ${serviceText(each)}`)
  }

  #statement(entry: ShownEntry, group: AccessGroup): readonly string[] {
    const { account } = this.#context
    const isAssume = entry.kind === 'assume'
    const { because, tier } = entry
    const { on, when, other, statement } = differenceText(entry, group.direction, account)
    const why = because === null ? '' : this.#becauseOf(because, group.direction)
    const from = this.#from(entry, group.direction)
    const details = [
      ...(statement === ''
        ? this.#packed([
            { text: on },
            { text: when },
            { text: sessionTagsText(entry) },
            { text: other },
            from,
          ])
        : this.#packed([{ text: on }, { text: why }])),
      ...(statement === '' ? [why].filter((line) => line !== '') : this.#packed([{ text: statement }, from])),
      ...(entry.isMixed === true
        ? [`what they ${group.direction === 'gained' ? 'had' : 'keep'} of it is not the same for all`]
        : []),
      ...(entry.ended === undefined ? [] : [endedText(entry.ended)]),
      ...(tier === 'pattern' ? ['by its pattern alone: no known type of resource matches it'] : []),
      ...(entry.isPotential ? [potentialText(entry)] : []),
      ...(entry.publicAccessBlock === undefined
        ? []
        : [`${blockText(entry.publicAccessBlock)}, which answers S3's question only`]),
      ...(entry.by === 'facts' ? ["by facts that apply doesn't write"] : []),
      ...this.#example(entry, group),
    ]
    return [
      ...(isAssume ? [assumeText(entry, group.direction, account)] : this.#services(entry.actions)),
      ...details.map((line) => `  ${line}`),
    ]
  }

  #becauseOf(because: Because, direction: Direction): string {
    const { allowedBy, change } = because
    if (allowedBy === undefined || change === 'added')
      return becauseText(because, this.#nameOf(because, change === 'added' ? 'gained' : 'lost'))
    const statement = this.#nameOf({ ...allowedBy, policy: null }, direction)
    return allowsNowText(because, policyText(allowedBy.policy, this.#context.account), statement)
  }

  /** @param of whose texts a place is in */
  #nameOf({ policy, sid, source }: Pick<Because, 'policy' | 'sid' | 'source'>, of: Direction): string {
    const name =
      sid === null ? (policy === null ? '' : policyText(policy, this.#context.account)) : printable(sid)
    const place = source === null ? '' : lineOf(source, this.#texts[of])
    return [name, place].filter((part) => part !== '').join(', ')
  }

  /** A request that is allowed on one side only. What the principal brings along need not be said. */
  #example({ witness }: AccessEntry, { principals }: AccessGroup): readonly string[] {
    const isAlone = principals.length === 1 && principals[0] === witness.principal
    const who = isAlone ? '' : `${shortPrincipal(witness.principal, this.#context.account)} `
    const isEntity = isPrincipalEntityArn(witness.principal) && principals.includes(witness.principal)
    const given = [...witness.context].filter(([key]) => !(isEntity && /^aws:principal/i.test(key)))
    const shown = given
      .slice(0, MOST_KEYS)
      .map(([key, values]) => `${printable(key)}=${values.map(printable).join(',')}`)
    const more = given.length - shown.length
    const context =
      shown.length === 0 ? '' : `with ${shown.join(' ')}${more > 0 ? ` and ${more} more keys` : ''}`
    return this.#packed([
      { text: `e.g. ${who}${printable(witness.action)} ${printable(witness.resource)}` },
      { text: context },
      { text: '[verified]', painted: this.#paint('dim', '[verified]') },
    ])
  }

  #from({ source, policy, sid }: AccessEntry, direction: Direction) {
    // AWS calls many a statement as the policy that it stands in.
    const isSaid = sid === null || policy.endsWith(`/${sid}`)
    const statement = isSaid ? '' : `, ${printable(sid)}`
    if (policy === '') return { text: 'needs no policy' }
    const place =
      source === null
        ? `${policyText(policy, this.#context.account)}${statement}`
        : lineOf(source, this.#texts[direction])
    return { text: `from ${place}`, painted: this.#paint('dim', `from ${place}`) }
  }

  #packed(parts: readonly Part[]): readonly string[] {
    return packedLines(parts, this.#width)
  }

  #who(principals: readonly string[], direction: Direction): string {
    return principalsText(principals, this.#context.account, this.#context.members[direction])
  }
}
