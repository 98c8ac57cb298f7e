import type { ActionFacts, ResourceType } from '../../../catalog/actions.ts'
import type { KnownNames } from '../../../catalog/known-names.ts'
import { formOfName } from '../../../catalog/resource-names.ts'
import type { NameProblem } from '../name-problem.ts'
import { meet, NAME } from '../resources/pattern-meeting.ts'

/** What an action is on, as patterns, segment by segment. */
interface TypeForm {
  readonly template: string
  readonly segments: readonly string[]
}

const formsOf = new WeakMap<ActionFacts, Map<string, readonly TypeForm[]>>()

/** @param of an action or a prefix. @returns empty for an action that is on nothing in particular, or not known */
function formsFor(of: string, facts: ActionFacts, types: () => readonly ResourceType[]): readonly TypeForm[] {
  const known = formsOf.get(facts) ?? new Map<string, readonly TypeForm[]>()
  formsOf.set(facts, known)
  let forms = known.get(of)
  if (forms === undefined) {
    forms = types().map(({ arn }) => ({ template: arn, segments: segmentsOf(asPattern(arn)) }))
    known.set(of, forms)
  }
  return forms
}

/** A template with what its placeholders can be: names of services that have none with a slash hold none. */
function asPattern(template: string): string {
  const service = template.split(':')[2] ?? ''
  return template.replace(/\$\{([^}]*)\}/g, (_, name: string) =>
    formOfName(service, name) === 'name' ? NAME : '*',
  )
}

/** The partition left out. */
const segmentsOf = (arn: string): readonly string[] => {
  const [, , service = '', region = '', account = '', ...rest] = arn.split(':')
  return [service, region, account, rest.join(':')]
}

/** Whether it is something that the action is not on; in a document, of a service that it is about. */
function isOther(
  resource: string,
  forms: readonly TypeForm[],
  facts: ActionFacts,
  of: 'document' | 'question',
): boolean {
  const owner = resource.split(':')[2] ?? ''
  if (canBe(resource, forms)) return false
  if (of === 'document' && !forms.some(({ segments }) => segments[0] === owner)) return false
  return canBe(
    resource,
    formsFor(owner, facts, () => facts.resourceTypesOfService(owner)),
  )
}

/**
 * Services whose resource types the reference lists for each action as requests have them. In documents others are passed
 * over: AWS itself writes statements that the reference doesn't bear out.
 */
const BORNE_OUT: ReadonlySet<string> = new Set(
  'dynamodb ecr iam kinesis kms s3 secretsmanager sns sqs sts'.split(' '),
)

/** Services that take what the reference doesn't say. */
const NOT_BORNE_OUT: ReadonlySet<string> = new Set(
  'apigateway ec2 ecs elasticloadbalancing sagemaker-mlflow waf-regional wafv2'.split(' '),
)

function canBe(resource: string, forms: readonly TypeForm[]): boolean {
  const open = resource.replace(/\$\{[^}]*\}/g, '*')
  // Wildcards may stand for colons.
  if (!open.startsWith('arn:') || (open.split(':').length < 6 && /[*?]/.test(open))) return true
  const [service = '', , , name = ''] = segmentsOf(open)
  return forms.some(
    ({ segments: [ofService = '', , , ofName = ''] }) => meet(service, ofService) && meet(name, ofName),
  )
}

/**
 * An action that is on none of the resources beside it, so that it does nothing there: `s3:DeleteBucket` on objects. Regions
 * and accounts are for others to tell.
 * @param action a name or a pattern; of a pattern, none of its actions is on any of them
 * @param of a question about it has no answer but "nobody"; a statement of a document grants nothing
 * @param resources with wildcards and variables; `*` is everything
 * @see Service Authorization Reference: resource types of each action
 */
export function actionResourceProblem(
  action: string,
  resources: readonly string[],
  { facts }: KnownNames,
  of: 'document' | 'question' = 'question',
): NameProblem | null {
  const isNamed = of === 'document' ? /^[a-z0-9-]+:.*[A-Za-z0-9]/i : /^[a-z0-9-]+:./i
  if (resources.length === 0 || !isNamed.test(action)) return null
  const service = action.slice(0, action.indexOf(':')).toLowerCase()
  if (of === 'document' ? !BORNE_OUT.has(service) : NOT_BORNE_OUT.has(service)) return null
  let template: string | null = null
  const names = facts.actionsMatching(action.toLowerCase())
  for (const name of names) {
    const forms = formsFor(name, facts, () => facts.resourceTypesOf(name).map(({ type }) => type))
    // Among the actions of a pattern, one that is on nothing in particular is on none of what is named.
    if (forms.length === 0 && of === 'question' && names.length > 1) continue
    if (forms.length === 0 || resources.some((resource) => !isOther(resource, forms, facts, of))) return null
    template ??= forms.map((form) => form.template).toSorted((a, b) => a.length - b.length)[0] ?? null
  }
  if (template === null) return null
  return {
    code: 'names.action-resource',
    message:
      resources.length === 1
        ? `\`${action}\` is never on \`${resources[0]}\``
        : `\`${action}\` is on none of these resources`,
    help: `it is on \`${template}\``,
  }
}
