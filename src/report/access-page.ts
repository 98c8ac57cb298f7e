import type { AccessEntry, Because, UnknownAccess } from '../access/access-diff.ts'
import type { SourceTexts } from '../diagnostics/index.ts'
import type { Account } from '../model/index.ts'
import {
  type AccessGroup,
  type AccessLine,
  accessGroups,
  byServiceOnly,
  type Direction,
  LEVELS,
  type LevelOf,
  nameOf,
  serviceOf,
} from './access-lines.ts'
import { conditionsText } from './conditions-text.ts'
import { lineOf } from './evaluation.ts'
import { type Paint, printable, type Style } from './paint.ts'
import {
  type GroupMembers,
  policyText,
  principalsText,
  shortPrincipal,
  shortResource,
} from './principals-text.ts'

/** What a reader of access changes has to know besides the changes. */
export interface AccessContext {
  /** Whose own principals are shown by their names; null: the changes are of policies that anybody may hold. */
  readonly account: Account | null
  readonly levelOf: LevelOf
  /** The day on which the catalogue of actions was read. */
  readonly catalogDate: string
  /** Members of groups, after the change and before it. */
  readonly members: Readonly<Record<Direction, GroupMembers>>
  /** Texts of the state before, where they are others than those after. */
  readonly earlier?: SourceTexts
}

/** Lines of the same principals before only their services are counted. */
const MOST_LINES = 15
/** Names of actions on a line. */
const MOST_ACTIONS = 4
const MOST_RESOURCES = 4
/** What would make a line too long to be read beside its neighbour. */
const LONG_LINE = 100
const WIDEST_NAME = 28

const SIGNS: Readonly<Record<Direction, readonly [sign: string, style: Style]>> = {
  gained: ['+', 'added'],
  lost: ['-', 'removed'],
}

/** Lays lines out in two columns: who, and what. */
export class AccessPage {
  readonly #context: AccessContext
  readonly #texts: Readonly<Record<Direction, SourceTexts>>
  readonly #paint: Paint

  constructor(context: AccessContext, texts: SourceTexts, paint: Paint) {
    this.#context = context
    this.#texts = { gained: texts, lost: context.earlier ?? texts }
    this.#paint = paint
  }

  section(title: string | null, entries: readonly Laid[]): readonly string[] {
    const width = Math.min(WIDEST_NAME, Math.max(0, ...entries.map(({ who }) => who.length)))
    const lines = entries.flatMap((entry) => this.#lines(entry, width))
    return title === null || lines.length === 0 ? lines : [title, ...lines]
  }

  groups(
    entries: readonly (AccessEntry & { readonly why?: string })[],
    direction: Direction,
  ): readonly Laid[] {
    return accessGroups(entries, direction, this.#context.levelOf).map((group) => this.#group(group))
  }

  future(entry: AccessEntry, direction: Direction): readonly Laid[] {
    const verb = direction === 'gained' ? 'allows' : 'no longer allows'
    const on = this.#on(entry)
    return [
      {
        sign: '~',
        style: 'changed',
        who: this.#who(entry.principals, direction),
        lines: [
          `${verb} future actions matching ${entry.actions.map(printable).join(', ')}  (none in the catalogue of ${this.#context.catalogDate})`,
          ...(on === '' || on === 'on *' ? [] : [on]),
          ...this.#from(entry, direction),
        ],
      },
    ]
  }

  unknown({ principals, direction, reason, policy, sid, source }: UnknownAccess): readonly Laid[] {
    const statement = sid === null ? '' : `, statement ${printable(sid)}`
    const place = source === null ? '' : `, ${lineOf(source, this.#texts[direction])}`
    return [
      {
        sign: '?',
        style: 'changed',
        who: this.#who(principals, direction),
        lines: [
          `unknown: ${reason} (${policyText(policy, this.#context.account)}${statement}${place}); treated as ${direction}`,
        ],
      },
    ]
  }

  #lines({ sign, style, who, lines }: Laid, width: number): readonly string[] {
    const head = this.#paint(style, `${sign} ${who}`)
    const indent = ' '.repeat(width + 4)
    const [first = '', ...rest] = lines
    const padding = ' '.repeat(Math.max(0, width - who.length))
    return who.length > width
      ? [head, ...lines.map((line) => `${indent}${line}`)]
      : [`${head}${padding}  ${first}`, ...rest.map((line) => `${indent}${line}`)]
  }

  #group(group: AccessGroup): Laid {
    const { direction, principals, lines } = group
    const [sign, style] = SIGNS[direction]
    const width = Math.max(...lines.map(({ service }) => service.length))
    const body =
      // Why an escalation matters must not be lost.
      lines.length > MOST_LINES && lines.every(({ whys }) => whys.length === 0)
        ? byServiceOnly(group, this.#context.levelOf).map(
            ({ service, levels, statements }) =>
              `${printable(service).padEnd(width)}  ${levelsText(levels)}  ${this.#paint('dim', `(${statements} lines; \`--json\` has them)`)}`,
          )
        : lines.flatMap((line) => this.#line(line, direction, width))
    return { sign, style, who: this.#who(principals, direction), lines: body }
  }

  #line(line: AccessLine, direction: Direction, width: number): readonly string[] {
    const { entry, service } = line
    const on = this.#on(entry)
    const conditions = conditionsText(entry.conditions)
    const when = conditions === '' ? '' : `when ${conditions}`
    const together = [on, when].filter((part) => part !== '').join('  ')
    return [
      `${printable(service).padEnd(width)}  ${whatText(line, this.#context.account)}${this.#notes(entry)}`,
      ...(together === ''
        ? []
        : together.length <= LONG_LINE
          ? [together]
          : [on, when].filter((part) => part !== '')),
      ...(entry.isPotential ? [this.#potential(entry)] : []),
      ...(serviceOf(entry.witness.action) === service ? [this.#example(line)] : []),
      ...this.#from(entry, direction),
      ...line.whys.map((why) => `why it matters: ${printable(why)}`),
    ]
  }

  #on({ resources, notResources }: AccessEntry): string {
    const short = (list: readonly string[]) => {
      const shown = list.slice(0, MOST_RESOURCES).map((each) => shortResource(each, this.#context.account))
      const more = list.length - shown.length
      return more > 0 ? `${shown.join(', ')} and ${more} more` : shown.join(', ')
    }
    if (notResources.length > 0) return `on everything but ${short(notResources)}`
    return resources.length === 0 ? '' : `on ${short(resources)}`
  }

  #notes({ because, tier }: AccessEntry): string {
    return [
      ...(because === null ? [] : [`  (${this.#because(because)})`]),
      ...(tier === 'pattern' ? ['  (pattern-level: no known type of resource matches)'] : []),
    ].join('')
  }

  #because({ cause, change, policy, sid, source }: Because): string {
    const where = [
      ...(sid === null
        ? policy === null
          ? []
          : [policyText(policy, this.#context.account)]
        : [printable(sid)]),
      ...(source === null ? [] : [lineOf(source, this.#texts[change === 'added' ? 'gained' : 'lost'])]),
    ]
    return `${CAUSES[cause]} ${change}${where.length === 0 ? '' : `: ${where.join(', ')}`}`
  }

  #potential({ witness }: AccessEntry): string {
    const owner = witness.resource.startsWith('arn:aws') ? (witness.resource.split(':')[2] ?? '') : ''
    const whose =
      owner === 'kms' ? 'the policy of the key' : 'the policy of the resource, which is not declared,'
    return `potential: ${whose} must allow it as well`
  }

  #example({ entry: { witness, principals }, principals: all }: AccessLine): string {
    const who =
      all.length > 1 || !principals.includes(witness.principal)
        ? `${shortPrincipal(witness.principal, this.#context.account)} `
        : ''
    const shown = [...witness.context]
      .slice(0, MOST_RESOURCES)
      .map(([key, values]) => `${printable(key)}=${values.map(printable).join(',')}`)
    const more = witness.context.size - shown.length
    const context =
      shown.length === 0 ? '' : `  with ${shown.join(' ')}${more > 0 ? ` and ${more} more keys` : ''}`
    return `e.g. ${who}${printable(witness.action)} ${printable(witness.resource)}${context}  ${this.#paint('dim', `[verified]`)}`
  }

  #from({ source, policy, sid }: AccessEntry, direction: Direction): readonly string[] {
    const statement = sid === null ? '' : `, ${printable(sid)}`
    const place =
      source === null
        ? `${policyText(policy, this.#context.account)}${statement}`
        : lineOf(source, this.#texts[direction])
    return [this.#paint('dim', `from ${place}`)]
  }

  #who(principals: readonly string[], direction: Direction): string {
    return principalsText(principals, this.#context.account, this.#context.members[direction])
  }
}

/** A sign and who, and the lines that stand beside them. */
export interface Laid {
  readonly sign: string
  readonly style: Style
  readonly who: string
  readonly lines: readonly string[]
}

const CAUSES: Readonly<Record<Because['cause'], string>> = {
  deny: 'explicit deny',
  boundary: 'permissions boundary',
  scp: 'service control policy',
  rcp: 'resource control policy',
  resource: 'resource policy',
  identity: 'identity policy',
}

const levelsText = (levels: AccessLine['levels']): string =>
  LEVELS.flatMap((level) => (levels[level] > 0 ? [`${level} ${levels[level]}`] : [])).join(', ')

/** `permissions 2, write 1 (PutRolePolicy, …)`; of an assume edge the roles on the way. */
function whatText({ entry, levels, actions }: AccessLine, account: Account | null): string {
  if (entry.kind === 'assume') {
    const hops = entry.via.map((arn) => shortPrincipal(arn, account))
    return `may assume${hops.length === 0 ? '' : `, by way of ${hops.join(' → ')}`}`
  }
  const names = actions.slice(0, MOST_ACTIONS).map((action) => printable(nameOf(action)))
  const more = actions.length > names.length ? ', …' : ''
  return `${levelsText(levels)} (${names.join(', ')}${more})`
}
