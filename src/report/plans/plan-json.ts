import type { AccessDiff } from '../../access/access-diff.ts'
import { type Diagnostic, errorOf, type SourceTexts, sourceJson } from '../../diagnostics/index.ts'
import type { Detail } from '../../model/detail.ts'
import type { Step } from '../../model/step.ts'
import type { BrieflyWider, Change, GuardRefusal, Plan } from '../../plan/plan.ts'
import { accessJson } from '../access/access-json.ts'
import { conditionOf } from '../access/wider-text.ts'
import type { ComparedCommit } from './compared-commit.ts'
import { changeCounts } from './plan-text.ts'

/**
 * One element of `plans` in `plan --json`. The same plan gives the same bytes.
 * @param access whose access it changes; null: it isn't known, and the key is left out
 * @param against what it was made against; null: the target
 */
export function planJson(
  plan: Plan,
  texts: SourceTexts,
  access: AccessDiff | null = null,
  against: ComparedCommit | null = null,
): object {
  const counts = changeCounts(plan.changes)
  return {
    account: { id: plan.account.id, name: plan.account.name },
    digest: plan.digest,
    against: against === null ? null : { ref: against.ref, commit: against.commit },
    summary: { ...counts, unchanged: plan.unchanged },
    changes: plan.changes.map((change) => changeJson(change, plan, texts)),
    unmanaged: plan.unmanaged.map(({ kind, name, arn, why }) => ({ kind, name, arn, why })),
    ...(plan.ignored === undefined
      ? {}
      : {
          ignored: plan.ignored.map(({ kind, name, arn, why, reason, until }) => ({
            kind,
            name,
            arn,
            why,
            reason,
            until,
          })),
        }),
    ...(plan.orphans === undefined
      ? {}
      : { orphans: plan.orphans.map(({ id, formerly, namedBy }) => ({ id, formerly, namedBy })) }),
    ...(plan.headroom === undefined
      ? {}
      : {
          headroom: plan.headroom.map(({ entity, quota, used, limit }) => ({ entity, quota, used, limit })),
        }),
    facts: plan.facts.map(({ kind, target, change, details, span }) => ({
      kind,
      target,
      change,
      details: details.map(detailJson),
      source: span === null ? null : sourceJson(span, texts),
    })),
    ...(access === null ? {} : { access: accessJson(access, texts, against?.texts) }),
  }
}

function changeJson(change: Change, plan: Pick<Plan, 'steps'>, texts: SourceTexts): object {
  return {
    action: change.action,
    kind: change.kind,
    name: change.name,
    arn: change.arn,
    ...(change.parent === undefined ? {} : { parent: change.parent.arn }),
    source: change.span === null ? null : sourceJson(change.span, texts),
    details: change.details.map(detailJson),
    steps: change.steps.flatMap((number) => {
      const step = plan.steps[number]
      return step === undefined ? [] : [stepJson(step)]
    }),
    brieflyWider: widerJson(change.brieflyWider),
  }
}

const stepJson = ({ operation, input, awaits }: Step): object => ({
  operation,
  input,
  ...(awaits === undefined ? {} : { awaits }),
})

const widerJson = (wider: BrieflyWider | null): object | null =>
  wider === null
    ? null
    : {
        principal: wider.principal,
        action: wider.request?.action ?? null,
        resource: wider.request?.resource ?? null,
        conditions: (wider.request?.conditions ?? []).map(conditionOf),
      }

export function detailJson(detail: Detail): object {
  switch (detail.type) {
    case 'value':
      return { type: 'value', path: detail.path, before: detail.before, after: detail.after }
    case 'list':
      return { type: 'list', path: detail.path, added: detail.added, removed: detail.removed }
    case 'policy':
      return {
        type: 'policy',
        path: detail.path,
        statements: detail.statements.map(({ change, sid, before, after }) => ({
          change,
          sid,
          before,
          after,
        })),
      }
  }
}

const RULE_CODES: Readonly<Record<GuardRefusal['rule'], string>> = {
  maxDeletePercent: 'guard.max-delete-percent',
  protect: 'guard.protected',
  quota: 'guard.quota',
  brieflyWider: 'guard.briefly-wider',
  lastAdministrator: 'guard.last-administrator',
  deployer: 'guard.deployer',
}

/** The guard's refusals as `--json` reports them. */
export const refusalDiagnostics = (plan: Plan): readonly Diagnostic[] =>
  plan.refusals.map(({ rule, message, help, entities, span }) =>
    errorOf({
      code: RULE_CODES[rule],
      message:
        entities.length === 0
          ? message
          : `${message}: ${entities.map((entity) => `\`${entity}\``).join(', ')}`,
      help,
      span: span ?? null,
    }),
  )
