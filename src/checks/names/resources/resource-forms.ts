import type { KnownNames } from '../../../catalog/known-names.ts'
import { nearest } from '../../../diagnostics/index.ts'
import { nearestService } from '../actions/nearest-action.ts'
import { meant, type NameProblem } from '../name-problem.ts'
import { regionProblem } from '../region-names.ts'
import { meet } from './pattern-meeting.ts'

/** The segments of an ARN with what is open in it as wildcards. */
interface Segments {
  readonly service: string
  readonly region: string
  readonly account: string
  readonly resource: string
}

interface Form extends Segments {
  /** With AWS's placeholders. */
  readonly template: string
}

/**
 * The forms of a catalogue's resource types, by the service that their ARNs name, which need not be that of the actions. Read when
 * first asked for: those of all services are some 2,000.
 */
class Forms {
  readonly #known: KnownNames
  /** Of what AWS's policies name besides. */
  readonly #others: readonly Form[]
  readonly #ofServices = new Map<string, readonly Form[]>()

  constructor(known: KnownNames) {
    this.#known = known
    this.#others = known.resources.flatMap(formsOf)
  }

  of(service: string): readonly Form[] {
    let forms = this.#ofServices.get(service)
    if (forms === undefined) {
      const { facts } = this.#known
      const prefixes = facts.prefixesByArnService().get(service) ?? []
      const templates = prefixes.flatMap((prefix) =>
        facts.resourceTypesOfService(prefix).map(({ arn }) => arn),
      )
      forms = [...templates.flatMap(formsOf), ...this.#others].filter((form) => form.service === service)
      this.#ofServices.set(service, forms)
    }
    return forms
  }

  /** Some types may be of any service: recovery points. */
  services(): Iterable<string> {
    const named = this.#known.facts.prefixesByArnService().keys()
    const names = new Set([...named, ...this.#others.map(({ service }) => service)])
    return [...names].filter((name) => !name.includes('*'))
  }
}

function formsOf(template: string): readonly Form[] {
  const segments = segmentsOf(template)
  return segments === null ? [] : [{ ...segments, template }]
}

const formsOfNames = new WeakMap<KnownNames, Forms>()

function formsIn(known: KnownNames): Forms {
  let forms = formsOfNames.get(known)
  if (forms === undefined) {
    forms = new Forms(known)
    formsOfNames.set(known, forms)
  }
  return forms
}

/** Colons inside `${…}` separate nothing. @returns null for fewer than six */
function segmentsOf(arn: string): Segments | null {
  const [, , service, region, account, ...rest] = arn.replace(/\$\{[^}]*\}/g, '*').split(':')
  if (service === undefined || region === undefined || account === undefined || rest.length === 0) return null
  return { service, region, account, resource: rest.join(':') }
}

/**
 * Whether an ARN, with wildcards and variables, can be that of anything that its service has.
 * @see IAM User Guide, "Access Analyzer policy check reference": invalid ARN resource, missing ARN region, ARN region not
 * allowed; Service Authorization Reference: resource types
 * @param of values of keys are also ARNs of what no statement is about, such as the receipt rules of SES: there a form is a slip
 * where it is nearly one
 */
export function resourceProblem(
  arn: string,
  known: KnownNames,
  of: 'resource' | 'value' = 'resource',
): NameProblem | null {
  if (!arn.startsWith('arn:')) return null
  const segments = segmentsOf(arn)
  if (segments === null || /[*?]/.test(segments.service) || segments.resource === '') return null
  const { service, region, account, resource } = segments
  const forms = formsIn(known)
  const types = forms.of(service)
  if (types.length === 0)
    return known.knowledgeOf(service) === 'none' || service !== service.toLowerCase()
      ? unknownService(arn, service, known, forms)
      : null
  const fitting = types.filter((type) => meet(resource, type.resource))
  if (fitting.length === 0 && of === 'value' && nearWord(segments, types) === null) return null
  if (fitting.length === 0)
    return problem(
      `no resource type of \`${service}\` has an ARN like \`${arn}\``,
      likely(segments, types),
      known,
    )
  const inRegion = fitting.filter((type) => meetSegment(region, type.region))
  if (inRegion.length === 0)
    return problem(
      region === ''
        ? `\`${arn}\` has no region, and every ARN of this form has one`
        : `\`${arn}\` has a region, and no ARN of this form has one`,
      shortest(fitting),
      known,
    )
  // What AWS owns has no account where everybody else's has one.
  if (
    account !== '' &&
    !inRegion.some((type) => meetSegment(account, type.account)) &&
    /^\d+$/.test(account)
  ) {
    return problem(`\`${arn}\` has an account, and no ARN of this form has one`, shortest(inRegion), known)
  }
  if (region !== '' && !/[*?]/.test(region)) {
    const slip = regionProblem(region)
    if (slip !== null) return { ...slip, message: `${slip.message}, as in \`${arn}\`` }
  }
  // As the console shows it.
  if (/^\d{4}-\d{4}-\d{4}$/.test(account))
    return {
      ...problem(`the account of \`${arn}\` has dashes`, null, known),
      help: meant(arn.replace(account, account.replaceAll('-', ''))),
    }
  if (/^\d+$/.test(account) && account.length !== 12)
    return problem(`the account of \`${arn}\` hasn't twelve digits`, null, known)
  return null
}

const meetSegment = (text: string, form: string): boolean => (text === '' ? form === '' : meet(text, form))

const problem = (message: string, template: string | null, { date }: KnownNames): NameProblem => ({
  code: 'names.resource-form',
  message,
  help:
    template === null
      ? `see the resource types of the service in the catalogue of ${date}, or write \`*\``
      : `write it as \`${template}\``,
})

function unknownService(arn: string, service: string, known: KnownNames, forms: Forms): NameProblem {
  const lower = service.toLowerCase()
  const near =
    forms.of(lower).length > 0
      ? lower
      : (nearest(service, forms.services()) ?? nearestService(service, known))
  return {
    code: 'names.unknown-service',
    message: `there is no service \`${service}\`, as in \`${arn}\`, in the catalogue of ${known.date}`,
    help: near === null ? 'write the service as the Service Authorization Reference has it' : meant(near),
  }
}

/** The form whose first word is nearest, the shortest of those that share it; else the only one there is. */
function likely(segments: Segments, types: readonly Form[]): string | null {
  const near = nearWord(segments, types)
  const fitting = types.filter((type) => wordOf(type.resource) === near)
  return shortest(fitting) ?? (types.length === 1 ? shortest(types) : null)
}

/** The first word of a form that the one of an ARN is, or was meant for. */
function nearWord({ resource }: Segments, types: readonly Form[]): string | null {
  const word = wordOf(resource)
  const words = new Set(types.map((type) => wordOf(type.resource)).filter((each) => each !== ''))
  if (words.has(word)) return word
  if (word === '') return null
  return (
    nearest(word, words) ??
    (word.length > 2 ? ([...words].find((each) => each.startsWith(word)) ?? null) : null)
  )
}

/** What stands before the first separator or wildcard. */
const wordOf = (resource: string): string => /^[^/:*]*/.exec(resource)?.[0] ?? ''

const shortest = (types: readonly Form[]): string | null =>
  types.map(({ template }) => template).toSorted((a, b) => a.length - b.length)[0] ?? null
