import { MANIFEST_KINDS } from '../../../src/kinds/manifest.ts'
import { OBSERVE_KINDS } from '../../../src/kinds/observe.ts'
import { PLAN_KINDS } from '../../../src/kinds/plan.ts'
import { REPORT_KINDS } from '../../../src/kinds/report.ts'
import type { ManifestKinds } from '../../../src/manifest/manifest-kind.ts'
import type { PlanKinds } from '../../../src/plan/planning.ts'
import type { ObserveKinds } from '../../../src/reconcile/observe-kind.ts'
import type { ReportKinds } from '../../../src/report/report-kind.ts'
import { toy as manifest } from './manifest.ts'
import { toy as observe } from './observe.ts'
import { toy as plan } from './plan.ts'
import { toy as report } from './report.ts'

// The lists of `src`, and one kind more than they ask for.

const manifestKinds = { ...MANIFEST_KINDS, toy: manifest }
export const TOY_MANIFEST_KINDS: ManifestKinds = manifestKinds

const planKinds = { ...PLAN_KINDS, toy: plan }
export const TOY_PLAN_KINDS: PlanKinds = planKinds

const entities = { ...OBSERVE_KINDS.entities, toy: observe }
export const TOY_OBSERVE_KINDS: ObserveKinds = { ...OBSERVE_KINDS, entities }

const reportKinds = { ...REPORT_KINDS, toy: report }
export const TOY_REPORT_KINDS: ReportKinds = reportKinds
