import { doubtful, invalid, malformed, type Parsing, type Place, spanOfPlace } from './parsing.ts'

/**
 * Checks `prefix:Name`, with wildcards in the name only, or `*`.
 * @see IAM User Guide, "IAM JSON policy elements: Action"
 */
export function checkAction(parsing: Parsing, text: string, place: Place): void {
  if (/^[A-Za-z0-9-]+:[A-Za-z0-9*?_-]+$/.test(text)) {
    if (parsing.use === 'trust') checkTrustAction(parsing, text, place)
    return
  }
  if (text === '*' || text === '*:*') {
    if (parsing.use === 'trust') checkTrustAction(parsing, text, place)
    if (parsing.use === 'rcp')
      invalid(parsing, {
        code: 'policy.rcp-action',
        message: `a resource control policy can't name \`${text}\` alone`,
        help: 'name a service, as in `s3:*`',
        span: spanOfPlace(place),
      })
    return
  }
  const span = spanOfPlace(place)
  const [prefix = '', name, ...more] = text.split(':')
  if (text.includes('${'))
    malformed(parsing, {
      code: 'policy.action-syntax',
      message: `action \`${text}\` holds a variable, which actions don't substitute`,
      help: 'name the action, or use `*` and `?`',
      span,
    })
  else if (name === undefined)
    malformed(parsing, {
      code: 'policy.action-syntax',
      message: text === '' ? 'an action is an empty string' : `action \`${text}\` has no service prefix`,
      help: 'write `service:Name`, as in `s3:GetObject`, or `*`',
      span,
    })
  else if (more.length > 0)
    malformed(parsing, {
      code: 'policy.action-syntax',
      message: `action \`${text}\` has more than one colon`,
      help: 'write `service:Name`, as in `s3:GetObject`',
      span,
    })
  else if (/[*?]/.test(prefix))
    malformed(parsing, {
      code: 'policy.action-wildcard-prefix',
      message: `action \`${text}\` has a wildcard in its service prefix`,
      help: 'name the service, or write `*` for every action of every service',
      span,
    })
  else if (prefix === '' || name === '')
    malformed(parsing, {
      code: 'policy.action-syntax',
      message: `action \`${text}\` has no ${prefix === '' ? 'service prefix' : 'name after the colon'}`,
      help:
        prefix === '' ? 'write `service:Name`, as in `s3:GetObject`' : `write \`${text}*\` for every action`,
      span,
    })
  else if (/\s/.test(text))
    doubtful(parsing, {
      code: 'policy.action-syntax',
      message: `action \`${text}\` holds white space, so it names no action`,
      help: `write \`${text.replace(/\s+/g, '')}\``,
      span,
    })
  else
    doubtful(parsing, {
      code: 'policy.action-syntax',
      message: `action \`${text}\` has a character that no action has`,
      help: 'actions are made of letters, digits, `-` and `_`, with `*` and `?` as wildcards',
      span,
    })
}

/** IAM refuses to store any other: "AssumeRole policy may only specify STS AssumeRole actions". */
function checkTrustAction(parsing: Parsing, text: string, place: Place): void {
  if (/^sts:/i.test(text)) return
  invalid(parsing, {
    code: 'policy.trust-action',
    message: `a trust policy is about \`sts:\` actions only, not \`${text}\``,
    help: 'write `sts:AssumeRole`, `sts:AssumeRoleWithWebIdentity`, `sts:AssumeRoleWithSAML`, `sts:TagSession` or `sts:SetSourceIdentity`',
    span: spanOfPlace(place),
  })
}
