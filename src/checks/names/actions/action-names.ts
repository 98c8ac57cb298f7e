import type { KnownNames } from '../../../catalog/known-names.ts'
import { meant, type NameProblem } from '../name-problem.ts'
import { nearestAction, nearestPattern, nearestService } from './nearest-action.ts'

/** Whether an action, or a pattern, names anything that is known. What isn't written as one is left to the grammar. */
export function actionProblem(text: string, known: KnownNames): NameProblem | null {
  const [, prefix = '', name = ''] = /^([A-Za-z0-9-]+):([A-Za-z0-9*?_-]+)$/.exec(text) ?? []
  if (prefix === '') return null
  const knowledge = known.knowledgeOf(prefix)
  if (knowledge === 'none') return unknownService(prefix, name, known)
  if (knowledge === 'part' || known.hasAction(text)) return null
  const isPattern = /[*?]/.test(name)
  if (isPattern && known.facts.actionsMatching(text.toLowerCase()).length > 0) return null
  const date = `in the catalogue of ${known.date}`
  if (isPattern) {
    const pattern = nearestPattern(prefix, name, known)
    return {
      code: 'names.unknown-action',
      message: `\`${text}\` matches no action ${date}`,
      help:
        pattern === null ? `\`${prefix.toLowerCase()}:*\` is every action of the service` : meant(pattern),
    }
  }
  const beginning = `${prefix}:${name}*`
  const close = nearestAction(prefix, name, known)
  const begins = known.facts.actionsMatching(beginning.toLowerCase()).length > 0
  const elsewhere = close === null && !begins ? ownerOf(name, known) : null
  return {
    code: 'names.unknown-action',
    message: `there is no action \`${text}\` ${date}`,
    help:
      close !== null
        ? meant(close)
        : begins
          ? meant(beginning)
          : elsewhere !== null
            ? meant(elsewhere)
            : `see the actions of \`${prefix.toLowerCase()}\` in the Service Authorization Reference`,
  }
}

function unknownService(prefix: string, name: string, known: KnownNames): NameProblem {
  const has = (service: string): boolean =>
    known.facts.actionsMatching(`${service}:${name}`.toLowerCase()).length > 0
  const service = nearestService(prefix, known, has)
  return {
    code: 'names.unknown-service',
    message: `there is no service \`${prefix}\` in the catalogue of ${known.date}`,
    help:
      helpFor(service, name, known, has) ??
      'write the prefix of its actions, as the Service Authorization Reference has it',
  }
}

function helpFor(
  service: string | null,
  name: string,
  known: KnownNames,
  has: (service: string) => boolean,
): string | null {
  const elsewhere = /[*?]/.test(name) ? null : ownerOf(name, known)
  if (service === null) return elsewhere === null ? null : meant(elsewhere)
  if (/[*?]/.test(name))
    return meant(
      `${service}:${has(service) ? name : (nearestPattern(service, name, known)?.slice(service.length + 1) ?? '*')}`,
    )
  if (has(service)) return meant(known.facts.spellingOf(`${service}:${name}`) ?? `${service}:${name}`)
  const close = nearestAction(service, name, known)
  return meant(close ?? elsewhere ?? `${service}:…`)
}

/** The one service that has an action of this name; null: none, or several. */
function ownerOf(name: string, { facts }: KnownNames): string | null {
  const found = facts.services().flatMap(({ prefix }) => facts.spellingOf(`${prefix}:${name}`) ?? [])
  return found.length === 1 ? (found[0] ?? null) : null
}
