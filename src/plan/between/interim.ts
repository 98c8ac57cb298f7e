import type { Account, PolicyDocument, PolicyStatement } from '../../model/index.ts'
import { canonicalStatement, statementsOf } from '../../policy/canonical.ts'

/** What a document says that is to say nothing: there is no such action. */
const SAYS_NOTHING: PolicyStatement = { Effect: 'Deny', Action: 'none:null', Resource: '*' }

/**
 * A document between two others that allows no more than either and denies all that either denies: from the one to it,
 * and from it to the other, nobody gets what they have with neither.
 * @returns null when it would be one of the two: then there is nothing to come between
 */
export function interimDocument(
  before: PolicyDocument,
  after: PolicyDocument,
  account: Account,
): PolicyDocument | null {
  const meaning = (statement: PolicyStatement) => {
    const { Sid: _, ...rest } = statement
    return canonicalStatement(rest, account)
  }
  const [old, recent] = [before, after].map(
    (document) => new Map(statementsOf(document).map((each) => [meaning(each), each])),
  )
  if (old === undefined || recent === undefined) return null
  const all = new Map([...old, ...recent])
  const kept = [...all].filter(
    ([text, { Effect }]) => Effect === 'Deny' || (old.has(text) && recent.has(text)),
  )
  const isSame = (other: ReadonlyMap<string, PolicyStatement>) =>
    other.size === kept.length && kept.every(([text]) => other.has(text))
  if (isSame(old) || isSame(recent)) return null
  const statements = kept.map(([, statement]) => withoutSid(statement))
  return {
    // A variable is none in an older version, so that the older of two statements would mean something else.
    ...(before.Version === after.Version && before.Version !== undefined ? { Version: before.Version } : {}),
    Statement: statements.length === 0 ? [SAYS_NOTHING] : statements,
  }
}

/** Two documents may call different statements by one name. */
const withoutSid = ({ Sid: _, ...statement }: PolicyStatement): PolicyStatement => statement
