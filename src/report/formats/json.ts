import { accessJson, escalationsJson, proofJson } from '../access/access-json.ts'
import { adoptJson } from '../adopt-report.ts'
import { commentJson } from '../comment-report.ts'
import { evaluationJson } from '../decisions/evaluation.ts'
import { explanationJson } from '../decisions/explanation.ts'
import { testJson } from '../decisions/test-report.ts'
import { jsonDocument } from '../diagnostics-report.ts'
import { historyJson } from '../history.ts'
import { applyJson } from '../plans/apply-report.ts'
import { previewJson } from '../plans/previewed-plan.ts'
import { weakenedJson } from '../protections/weakened-since.ts'
import { patternGrantsJson } from '../questions/pattern-grants.ts'
import { grantJson } from '../questions/who-can.ts'
import { revokeJson } from '../revoke-report.ts'
import { type ByType, byType, type Format } from './format.ts'

/** The keys of each document that are its own. */
const BODIES: ByType<object> = {
  init: ({ created }) => ({ created }),
  validate: () => ({}),
  plan: ({ plans, weakened = null }, { texts }) => ({
    plans: plans.map((plan) => previewJson(plan, texts)),
    ...(weakened === null ? {} : { weakened: weakenedJson(weakened, texts) }),
  }),
  apply: ({ reports }) => ({ results: reports.map(applyJson) }),
  adopt: (report, { texts }) => adoptJson(report, texts),
  revoke: (report) => revokeJson(report),
  'mfa enroll': ({ device }) => ({ device }),
  watch: ({ plans, reports }, { texts }) => ({
    plans: plans.map((plan) => previewJson(plan, texts)),
    ...(reports === null ? {} : { results: reports.map(applyJson) }),
  }),
  history: ({ entries }) => ({ entries: entries.map(historyJson) }),
  'audit list': ({ calls }) => ({ records: calls.map(({ record }) => record) }),
  'audit verify': ({ verification }) => ({ audit: verification }),
  backup: ({ backup }) => ({ backup }),
  restore: ({ restored }) => ({ restored }),
  evaluate: ({ answer }, { texts }) => ({
    ...evaluationJson(answer, texts),
    ...(answer.explained === undefined ? {} : { explanation: explanationJson(answer.explained, texts) }),
  }),
  'who-can': ({ grants }, { texts }) => ({ grants: grants.map((grant) => grantJson(grant, texts)) }),
  'who-can of a pattern': ({ proof, outside }, { texts }) => ({
    grants: patternGrantsJson(proof, outside, texts),
  }),
  test: ({ results }, { texts }) => ({ tests: results.map((result) => testJson(result, texts)) }),
  'access diff': ({ compared }, { texts }) => ({
    accounts: compared.map(({ account, diff, earlier }) => ({
      account: account === null ? null : { id: account.id, name: account.name },
      access: earlier === null ? accessJson(diff, texts) : accessJson(diff, texts, earlier),
    })),
  }),
  'access escalations': ({ accounts }, { texts }) => ({
    accounts: accounts.map(({ account, name, report }) => ({
      account: { id: account.id, name },
      ...escalationsJson(report, texts),
    })),
  }),
  'access check': ({ together }, { texts }) => proofJson(together, texts),
  comment: ({ comment }) => ({ comment: commentJson(comment) }),
  'completion script': ({ script }) => ({ script }),
  'completed words': ({ words }) => ({ script: null, words }),
  failed: ({ empty }) => empty,
}

export const json: Format = {
  render: (result, given) => {
    const document = jsonDocument(byType(BODIES, result, given), given.diagnostics, given.texts)
    return given.layout === 'line' ? JSON.stringify(document) : JSON.stringify(document, null, 2)
  },
}
