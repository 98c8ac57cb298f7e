import type { Question } from './comparer.ts'
import type { Subject } from './subject.ts'

/** A stranger's account. */
const FOREIGN_ACCOUNT = '999999999999'

/** Everybody: who signs nothing, and who belongs to any account at all. */
export const isPublic = ({ label }: Subject): boolean => label === 'anonymous' || label === 'account:*'

/**
 * Keys by which a policy may trust somebody, with what a stranger has there: with these, whoever is let in is let in as
 * one of everybody.
 * @see IAM Access Analyzer, "The meaning of public"
 */
export const AS_A_STRANGER: Question = {
  context: new Map<string, readonly string[] | null>([
    ['aws:principalorgid', ['o-stranger000']],
    ['aws:principalorgpaths', ['o-stranger000/r-stranger/']],
    ['aws:principalisawsservice', ['false']],
    ['aws:sourceaccount', [FOREIGN_ACCOUNT]],
    ['aws:sourcearn', [`arn:aws:s3:::stranger-example`]],
    ['aws:sourceorgid', ['o-stranger000']],
    ['aws:sourceowner', [FOREIGN_ACCOUNT]],
    ['aws:sourceip', ['198.51.100.7']],
    ['aws:sourcevpc', null],
    ['aws:sourcevpce', null],
    ['aws:vpcsourceip', null],
    ['aws:userid', ['AROASTRANGER:example']],
    ['kms:calleraccount', [FOREIGN_ACCOUNT]],
    ['s3:dataaccesspointaccount', [FOREIGN_ACCOUNT]],
    ['s3:dataaccesspointarn', null],
  ]),
}
