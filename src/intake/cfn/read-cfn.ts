import { createHash } from 'node:crypto'
import type { ManagedPolicyFacts } from '../../catalog/managed-policies.ts'
import { didYouMean, infoOf, warningOf } from '../../diagnostics/index.ts'
import type { Account, Partition, Unseen } from '../../model/index.ts'
import { withBeside } from '../beside-policies.ts'
import { EstateDraft } from '../estate-draft.ts'
import { inputText } from '../input-text.ts'
import type { GivenInput, Intake } from '../intake.ts'
import { withThings } from '../running-things.ts'
import { Holdings } from '../tfplan/holdings.ts'
import { stackAcls } from './acls.ts'
import { CfnDocuments } from './cfn-documents.ts'
import { basisOf } from './resolved.ts'
import { stackThings, THING_TYPES_OF_STACK } from './running-things.ts'
import { readServerless, SERVERLESS_TYPES } from './serverless.ts'
import { ATTACHMENT_TYPES_OF_STACK, readStackAttachments } from './stack-attachments.ts'
import { findNotModelled, resourcesOf, type StackContext } from './stack-context.ts'
import { IDENTITY_TYPES, readStackIdentities } from './stack-identities.ts'
import { StackNames } from './stack-names.ts'
import { PERMISSION_SET_TYPES_OF_STACK, readStackPermissionSets } from './stack-permission-sets.ts'
import { RESOURCE_TYPES_OF_STACK, readStackResources } from './stack-resources.ts'
import { LANGUAGE_EXTENSIONS, type Template, templateOf } from './template.ts'
import { templateTree } from './template-text.ts'
import { notModelledIn } from './types-of-stack.ts'
import { undecidedIn } from './undecided-patterns.ts'

/**
 * Reads a template of CloudFormation, in JSON or YAML, as the stack that it would be.
 * @param awsPolicies AWS's own, which SAM takes by name
 * @throws DiagnosticError when it is none, or can't be read at all: `intake.…`, or what is wrong with the text at its place
 * @see AWS CloudFormation User Guide, "CloudFormation template sections"
 */
export function readCfn(input: GivenInput, awsPolicies: Pick<ManagedPolicyFacts, 'arnOf'>): Intake {
  const { file, texts } = input
  const template = templateOf(
    file,
    templateTree(file, inputText(file, input.bytes), texts),
    input.parameters ?? NO_PARAMETERS,
  )
  const draft = new EstateDraft(texts)
  const place = { account: accountOf(input), region: regionOf(input), assumed: assumedOf(input) }
  const names = new StackNames(template, input.parameters ?? NO_PARAMETERS, place)
  const documents = new CfnDocuments(file, draft, names)
  const context: StackContext = { file, template, draft, names, documents }
  draft.account(place.account)
  const holdings = new Holdings()
  readStackIdentities(context, holdings)
  readServerless(context, holdings, awsPolicies)
  readStackPermissionSets(context, holdings)
  readStackAttachments(context, holdings)
  holdings.putInto(draft, file)
  readStackResources(context)
  findAssumed(context)
  findUnknownParameters(input, context)
  findUnread(context)
  draft.find(
    infoOf({
      code: 'intake.not-held',
      message: `\`${file}\` holds what its stack has, and nothing else of the account: answers are by what it holds`,
    }),
  )
  const [acls, things] = [stackAcls(context), stackThings(context)]
  const intake = withThings(withBeside(draft.finish(file, [], false), acls), things)
  const sameBeyond = beyondOf(context)
  return {
    ...intake,
    undecidedIn: (document) =>
      undecidedIn(document, (text, areNames) => names.undecided.undecided(text, areNames)?.id ?? null),
    estate: { ...intake.estate, unseen: UNSEEN, ...(sameBeyond === null ? {} : { sameBeyond }) },
  }
}

const NO_PARAMETERS: ReadonlyMap<string, string> = new Map()

/** All that there may be beside a stack. Two templates are two states of one, and leave the rest as it is. */
const UNSEEN: ReadonlySet<Unseen> = new Set<Unseen>([
  'principals',
  'resourcePolicies',
  'controlPolicies',
  'providers',
  'accessKeys',
  'passwords',
])

/** That of AWS's documentation. */
const EXAMPLE_ACCOUNT = '123456789012'
const EXAMPLE_REGION = 'us-east-1'

const regionOf = ({ account, parameters }: GivenInput): string =>
  account.region ?? parameters?.get('AWS::Region') ?? EXAMPLE_REGION

function accountOf(input: GivenInput): Account {
  const { account, parameters } = input
  const id = account.id ?? parameters?.get('AWS::AccountId') ?? EXAMPLE_ACCOUNT
  return {
    id: /^\d{12}$/.test(id) ? id : EXAMPLE_ACCOUNT,
    partition: account.partition ?? partitionOf(regionOf(input)),
  }
}

const partitionOf = (region: string): Partition =>
  region.startsWith('cn-') ? 'aws-cn' : region.startsWith('us-gov-') ? 'aws-us-gov' : 'aws'

function assumedOf({ account, parameters }: GivenInput): ReadonlySet<string> {
  const isGiven = (said: string | null | undefined, name: string) =>
    said != null || parameters?.has(name) === true
  return new Set([
    ...(isGiven(account.id, 'AWS::AccountId') ? [] : ['AWS::AccountId']),
    ...(isGiven(account.region, 'AWS::Region') ? [] : ['AWS::Region']),
  ])
}

function findAssumed({ draft, names }: StackContext): void {
  const { assumed } = names.place
  if (assumed.has('AWS::AccountId'))
    draft.find(
      infoOf({
        code: 'intake.account-assumed',
        message: `a template doesn't say which account it is for: it is taken to be ${EXAMPLE_ACCOUNT}`,
        help: 'say it with `--account-id ID`',
      }),
    )
  if (assumed.has('AWS::Region') && names.referred.has('AWS::Region'))
    draft.find(
      infoOf({
        code: 'intake.region-assumed',
        message: `the template refers to \`AWS::Region\`, which is taken to be ${EXAMPLE_REGION}`,
        help: 'say it with `--region REGION`',
      }),
    )
}

/** Of several templates one file may be, so that it stops nothing. */
function findUnknownParameters(
  { parameters = NO_PARAMETERS }: GivenInput,
  { draft, template }: StackContext,
): void {
  const declared = [...template.parameters.keys()]
  for (const name of parameters.keys())
    if (!name.startsWith('AWS::') && !declared.includes(name))
      draft.find(
        infoOf({
          code: 'intake.unknown-parameter',
          message: `\`--parameters\` has \`${name.slice(0, 100)}\`, and the template doesn't`,
          help: didYouMean(name, declared, 'it is left out'),
        }),
      )
}

const READ: ReadonlySet<string> = new Set([
  ...IDENTITY_TYPES,
  ...ATTACHMENT_TYPES_OF_STACK,
  ...PERMISSION_SET_TYPES_OF_STACK,
  ...SERVERLESS_TYPES,
  ...RESOURCE_TYPES_OF_STACK,
  ...THING_TYPES_OF_STACK,
])

/**
 * Two templates differ in what they speak of where all that isn't looked at in them says the same.
 * @returns null: nobody knows what a macro adds
 */
function beyondOf(context: StackContext): string | null {
  const { template } = context
  if (template.transforms.some(({ name }) => !KNOWN_MACROS.has(name))) return null
  const unread = resourcesOf(context, () => true)
    .filter((each) => notModelledIn(each, READ.has(each.type)).length > 0)
    .map(({ id, type, own, hangsOn }) => [id, type, ...[own, hangsOn].map((each) => each && basisOf(each))])
  const loops = template.unread.map(({ id, basis }) => [id, basis])
  return createHash('sha256')
    .update(JSON.stringify([unread, loops]))
    .digest('hex')
}

/** What speaks of access and isn't looked at is named, the rest counted. */
function findUnread(context: StackContext): void {
  const { draft, template } = context
  for (const resource of resourcesOf(context, () => true)) {
    for (const what of notModelledIn(resource, READ.has(resource.type)))
      findNotModelled(context, resource, what)
    if (!READ.has(resource.type) && notModelledIn(resource, false).length === 0)
      draft.passedOver(resource.type)
  }
  findMacros(template, draft)
  for (const { id, span } of template.unread)
    draft.find(
      warningOf({
        code: id.startsWith('Fn::') ? 'intake.not-modelled' : 'intake.unreadable',
        message: id.startsWith('Fn::')
          ? `\`${id.slice(0, 100)}\` makes resources, and is not carried out`
          : `\`${id.slice(0, 100)}\` is no resource: it has no \`Type\``,
        help: 'what it would grant or deny is in no answer',
        span,
      }),
    )
}

/** Macros that are carried out here, or change nothing. */
const KNOWN_MACROS: ReadonlySet<string> = new Set([
  'AWS::Serverless-2016-10-31',
  LANGUAGE_EXTENSIONS,
  'AWS::SecretsManager-2020-07-23',
  'AWS::SecretsManager-2024-09-16',
  'AWS::CodeDeployBlueGreen',
])

function findMacros({ transforms }: Template, draft: EstateDraft): void {
  for (const { name, span } of transforms)
    if (!KNOWN_MACROS.has(name))
      draft.find(
        warningOf({
          code: 'intake.not-modelled',
          message: `the macro \`${name.slice(0, 100)}\` is not carried out: what it adds to the template or changes in it is in no answer`,
          help: 'name the template that it makes: `aws cloudformation get-template --template-stage Processed`',
          span,
        }),
      )
}
