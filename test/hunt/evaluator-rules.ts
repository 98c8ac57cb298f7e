// Rules that a single decision must keep, whatever the policies: where the evaluator itself may be wrong.
import type { PolicyStatement } from '../../src/model/index.ts'
import type { Decided } from './decided.ts'
import type { Oracle } from './oracle.ts'
import type { Question } from './questions.ts'

const DERIVED = /^aws:principalservicename(?:slist)?$|^ec2:resourcetag\//

/** @param is how it was decided */
export function* evaluatorFaults(question: Question, oracle: Oracle, is: Decided): Iterable<string> {
  const { requester, context } = question
  const principal = requester[oracle.state]
  if (principal === null) return
  const tags = oracle.spec.resources?.[question.resource]?.tags ?? {}
  const derived = [...context].flatMap(([key, [value]]) =>
    DERIVED.test(key) && (!key.startsWith('ec2:') || tags[key.slice(key.indexOf('/') + 1)] === value)
      ? [key]
      : [],
  )
  if (derived.length > 0 && is !== 'undecided') {
    const others = new Map([...context].filter(([key]) => !derived.includes(key)))
    // Of a resource that only the other state declares nobody is told here whose it is.
    if (oracle.ask(principal, { ...question, context: others }) !== oracle.ask(principal, question))
      yield `${derived.map((key) => key.replace(/\/.*/, '/…')).join('+')} isn't derived`
  }
  if (is !== 'allow') return
  const partition = principal.split(':')[1]
  const [, of] = question.resource.split(':')
  if (principal.startsWith('arn:') && of !== undefined && partition !== of && requester.kind !== 'provider')
    yield 'access across partitions'
  const names = oracle
    .reasonsOf(question)
    .filter(
      ({ layer, effect, statement }) => layer === 'resource' && effect === 'Allow' && statement !== null,
    )
    .map(
      ({ document, statement }) =>
        [document?.json.Statement ?? []].flat()[statement ?? 0] as PolicyStatement | undefined,
    )
    .flatMap((statement) => [statement?.Principal ?? '*'])
  if (
    names.length > 0 &&
    names.every(
      (name) =>
        name !== '*' &&
        Object.keys(name).every((kind) => kind === 'AWS') &&
        [name.AWS ?? []].flat().every((arn) => arn.startsWith('arn:') && arn.split(':')[1] !== partition),
    )
  )
    yield 'a principal element of another partition lets somebody in'
}
