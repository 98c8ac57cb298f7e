import type { KnownNames } from '../../../catalog/known-names.ts'
import { SERVICE_WORDS } from '../../../catalog/other-words.ts'
import { knownPrincipalLabels, principalLabel } from '../../../catalog/service-principals.ts'
import { nearest } from '../../../diagnostics/index.ts'
import { ownValue } from '../../../model/index.ts'
import { meant, type NameProblem } from '../name-problem.ts'

const labelsOf = new WeakMap<KnownNames, ReadonlySet<string>>()

function labels(known: KnownNames): ReadonlySet<string> {
  let found = labelsOf.get(known)
  if (found === undefined) {
    found = knownPrincipalLabels(known.principals)
    labelsOf.set(known, found)
  }
  return found
}

/**
 * Whether a service principal is one that is known. AWS publishes no list, so one under a known service passes, unless it
 * is nearly a known one.
 */
export function servicePrincipalProblem(text: string, known: KnownNames): NameProblem | null {
  const label = principalLabel(text)
  const all = labels(known)
  const hosts = new Set([...all, ...known.facts.services().map(({ prefix }) => prefix)])
  if (label === null) {
    const host = text.replace(/\.(?:a?ma?[a-z]*n[a-z]*|aws)\.[a-z.]+$/i, '').toLowerCase()
    const near = all.has(host) ? host : nearest(host, hosts)
    return problem(text, near === null ? null : `${near}.amazonaws.com`, known)
  }
  if (hosts.has(label)) return null
  const suffix = text.slice(text.toLowerCase().indexOf(label.toLowerCase()) + label.length)
  const near = hosts.has(label.toLowerCase())
    ? label.toLowerCase()
    : (ownValue(SERVICE_WORDS, label.toLowerCase()) ??
      (label.length < 2 ? null : (nearest(label, all) ?? nearest(label, hosts))))
  if (near !== null) return problem(text, `${near}${suffix}`, known)
  const service = label.slice(label.lastIndexOf('.') + 1)
  return service !== label && hosts.has(service) ? null : problem(text, null, known)
}

const problem = (text: string, near: string | null, known: KnownNames): NameProblem => ({
  code: 'names.unknown-service-principal',
  message: `there is no service principal \`${text}\` that is known (catalogue of ${known.date})`,
  help:
    near === null
      ? 'write it as the guide of the service has it, such as `lambda.amazonaws.com`'
      : meant(near),
})
