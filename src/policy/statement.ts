import { didYouMean } from '../diagnostics/suggest.ts'
import { checkAction } from './action-pattern.ts'
import { readConditions } from './conditions.ts'
import type { Complementable, ParsedPrincipal, ParsedStatement, PolicyUse } from './parsed.ts'
import {
  invalid,
  isObject,
  keySpan,
  malformed,
  type Parsing,
  type Place,
  placeAt,
  readTexts,
  spanOfPlace,
  typeName,
} from './parsing.ts'
import { readPrincipals } from './principals.ts'
import { checkResource } from './resource-pattern.ts'

const STATEMENT_ELEMENTS = [
  'Sid',
  'Effect',
  'Principal',
  'NotPrincipal',
  'Action',
  'NotAction',
  'Resource',
  'NotResource',
  'Condition',
]
const KNOWN_ELEMENTS: ReadonlySet<string> = new Set(STATEMENT_ELEMENTS)

type Elements = Readonly<Record<string, unknown>>

export function readStatement(
  parsing: Parsing,
  value: unknown,
  place: Place,
  index: number,
): ParsedStatement | null {
  if (!isObject(value)) {
    malformed(parsing, {
      code: 'policy.wrong-type',
      message: `a statement is ${typeName(value)}, not an object`,
      help: 'write `{ Effect: Allow, Action: …, Resource: … }`',
      span: spanOfPlace(place),
    })
    return null
  }
  for (const key of Object.keys(value))
    if (!KNOWN_ELEMENTS.has(key))
      malformed(parsing, {
        code: 'policy.unknown-element',
        message: `\`${key}\` is not an element of a statement`,
        help: didYouMean(
          key,
          STATEMENT_ELEMENTS,
          'a statement has `Sid`, `Effect`, `Principal`, `Action`, `Resource`, `Condition`, and `Not…` of three of them',
        ),
        span: keySpan(place, key),
      })
  const sid = readSid(parsing, value.Sid, placeAt(place, 'Sid'))
  const effect = readEffect(parsing, value.Effect, place)
  const principal = readPrincipalElement(parsing, value, place)
  const action = readAction(parsing, value, place)
  const resource = readResource(parsing, value, place)
  const conditions =
    value.Condition === undefined ? [] : readConditions(parsing, value.Condition, placeAt(place, 'Condition'))
  if (parsing.use === 'rcp') checkControlPolicy(parsing, value, effect, place)
  if (effect === null || action === null) return null
  return { index, sid, effect, principal, action, resource, conditions, span: spanOfPlace(place) }
}

function readSid(parsing: Parsing, value: unknown, place: Place): string | null {
  if (value === undefined) return null
  if (typeof value !== 'string') {
    malformed(parsing, {
      code: 'policy.wrong-type',
      message: `\`Sid\` is ${typeName(value)}, not a string`,
      help: 'write it in quotes, or leave it out',
      span: spanOfPlace(place),
    })
    return null
  }
  // Services with resource policies of their own have their own rules for Sids; IAM has this one.
  if (parsing.use !== 'resource' && !/^[A-Za-z0-9]*$/.test(value)) {
    const letters = value.replace(/[^A-Za-z0-9]+(.?)/g, (_, next: string) => next.toUpperCase())
    invalid(parsing, {
      code: 'policy.sid-characters',
      message: `Sid \`${value}\` is not made of letters and digits only`,
      help: /^[A-Za-z0-9]+$/.test(letters)
        ? `write \`${letters}\``
        : 'IAM takes `A`–`Z`, `a`–`z` and `0`–`9`',
      span: spanOfPlace(place),
    })
  }
  return value
}

function readEffect(parsing: Parsing, value: unknown, place: Place): 'Allow' | 'Deny' | null {
  if (value === 'Allow' || value === 'Deny') return value
  if (value === undefined)
    malformed(parsing, {
      code: 'policy.missing-element',
      message: 'a statement has no `Effect`',
      help: 'add `Effect: Allow` or `Effect: Deny`',
      span: spanOfPlace(place),
    })
  else
    malformed(parsing, {
      code: 'policy.effect',
      message:
        typeof value === 'string'
          ? `\`${value}\` is not an effect`
          : `\`Effect\` is ${typeName(value)}, not a string`,
      help:
        typeof value === 'string'
          ? didYouMean(value, ['Allow', 'Deny'], 'write `Allow` or `Deny`')
          : 'write `Allow` or `Deny`',
      span: spanOfPlace(placeAt(place, 'Effect')),
    })
  return null
}

/** An element or its complement; both at once is refused. */
function readEither<T>(
  parsing: Parsing,
  elements: Elements,
  place: Place,
  name: 'Action' | 'Resource' | 'Principal',
  read: (element: string, value: unknown, place: Place) => readonly T[],
): Complementable<T> | null {
  const complement = `Not${name}`
  const plain = elements[name]
  const negated = elements[complement]
  if (plain !== undefined && negated !== undefined) {
    const first = keySpan(place, name)
    malformed(parsing, {
      code: 'policy.exclusive-elements',
      message: `a statement has both \`${name}\` and \`${complement}\``,
      help: 'keep one of them; the other one makes a statement of its own',
      span: keySpan(place, complement),
      related: first === null ? [] : [{ message: `\`${name}\` stands here`, span: first }],
    })
  }
  // Both are read, so that the problems of both are shown.
  const plainEntries = plain === undefined ? null : read(name, plain, placeAt(place, name))
  const negatedEntries = negated === undefined ? null : read(complement, negated, placeAt(place, complement))
  if (plainEntries !== null) return { negated: false, entries: plainEntries }
  return negatedEntries === null ? null : { negated: true, entries: negatedEntries }
}

function readAction(parsing: Parsing, elements: Elements, place: Place): Complementable<string> | null {
  const action = readEither(parsing, elements, place, 'Action', (element, value, at) =>
    readTexts(parsing, element, value, at, checkAction),
  )
  if (action === null)
    malformed(parsing, {
      code: 'policy.missing-element',
      message: 'a statement has neither `Action` nor `NotAction`',
      help:
        parsing.use === 'trust'
          ? 'add `Action: sts:AssumeRole`'
          : 'add `Action`, as in `Action: s3:GetObject`',
      span: spanOfPlace(place),
    })
  return action
}

function readResource(parsing: Parsing, elements: Elements, place: Place): Complementable<string> | null {
  if (parsing.use === 'trust')
    for (const element of ['Resource', 'NotResource'])
      if (elements[element] !== undefined)
        invalid(parsing, {
          code: 'policy.element-not-allowed',
          message: `a trust policy has no \`${element}\``,
          help: 'remove it: a trust policy is about its own role',
          span: keySpan(place, element),
        })
  const resource = readEither(parsing, elements, place, 'Resource', (element, value, at) =>
    readTexts(parsing, element, value, at, checkResource),
  )
  if (resource === null && parsing.use !== 'trust' && parsing.use !== 'resource')
    malformed(parsing, {
      code: 'policy.missing-element',
      message: 'a statement has neither `Resource` nor `NotResource`',
      help: 'add `Resource`, with ARNs or `*`',
      span: spanOfPlace(place),
    })
  return resource
}

const WITHOUT_PRINCIPAL: Readonly<Partial<Record<PolicyUse, string>>> = {
  identity: 'an identity policy',
  boundary: 'a permissions boundary',
  session: 'a session policy',
  scp: 'a service control policy',
}

function readPrincipalElement(
  parsing: Parsing,
  elements: Elements,
  place: Place,
): Complementable<ParsedPrincipal> | null {
  const without = WITHOUT_PRINCIPAL[parsing.use]
  if (without !== undefined) {
    for (const element of ['Principal', 'NotPrincipal'])
      if (elements[element] !== undefined)
        invalid(parsing, {
          code: 'policy.element-not-allowed',
          message: `${without} has no \`${element}\``,
          help: 'remove it: the policy is about whoever it is attached to',
          span: keySpan(place, element),
        })
    return null
  }
  if (parsing.use === 'trust' && elements.NotPrincipal !== undefined)
    invalid(parsing, {
      code: 'policy.element-not-allowed',
      message: 'a trust policy has no `NotPrincipal`',
      help: 'name who may assume the role under `Principal`, and narrow it with a condition',
      span: keySpan(place, 'NotPrincipal'),
    })
  const principal = readEither(parsing, elements, place, 'Principal', (element, value, at) =>
    readPrincipals(parsing, element === 'Principal' ? 'Principal' : 'NotPrincipal', value, at),
  )
  if (principal === null)
    malformed(parsing, {
      code: 'policy.missing-element',
      message: `a statement of a ${parsing.use === 'trust' ? 'trust' : parsing.use === 'rcp' ? 'resource control' : 'resource'} policy has no \`Principal\``,
      help:
        parsing.use === 'trust'
          ? 'add `Principal`, as in `Principal: { Service: lambda.amazonaws.com }`'
          : 'add `Principal`, as in `Principal: "*"`',
      span: spanOfPlace(place),
    })
  return principal
}

/** @see Organizations User Guide, "RCP syntax": customers write denials of everyone only */
function checkControlPolicy(
  parsing: Parsing,
  elements: Elements,
  effect: 'Allow' | 'Deny' | null,
  place: Place,
): void {
  if (effect === 'Allow')
    invalid(parsing, {
      code: 'policy.rcp-effect',
      message: 'a resource control policy only denies',
      help: 'write `Effect: Deny`',
      span: spanOfPlace(placeAt(place, 'Effect')),
    })
  if (elements.Principal !== undefined && elements.Principal !== '*')
    invalid(parsing, {
      code: 'policy.rcp-principal',
      message: 'a resource control policy is about everyone',
      help: 'write `Principal: "*"`, and narrow it with a condition on `aws:PrincipalArn` or `aws:PrincipalOrgID`',
      span: spanOfPlace(placeAt(place, 'Principal')),
    })
  for (const element of ['NotPrincipal', 'NotAction'])
    if (elements[element] !== undefined)
      invalid(parsing, {
        code: 'policy.element-not-allowed',
        message: `a resource control policy has no \`${element}\``,
        help: `write \`${element.slice(3)}\``,
        span: keySpan(place, element),
      })
}
