import { MANIFEST_KINDS } from '../../../src/kinds/manifest.ts'
import { OBSERVE_KINDS } from '../../../src/kinds/observe.ts'
import { PLAN_KINDS, SETTING_PLANS } from '../../../src/kinds/plan.ts'
import { REPORT_KINDS } from '../../../src/kinds/report.ts'
import type { ManifestKinds } from '../../../src/manifest/manifest-kind.ts'
import type { PlanKinds } from '../../../src/plan/planning.ts'
import type { SettingPlans } from '../../../src/plan/setting-plan.ts'
import type { ObserveKinds } from '../../../src/reconcile/observe-kind.ts'
import type { ReportKinds } from '../../../src/report/report-kind.ts'
import { tokenVersion as settingManifest } from '../tokenVersion/manifest.ts'
import { tokenVersion as settingObserve } from '../tokenVersion/observe.ts'
import { tokenVersion as settingPlan } from '../tokenVersion/plan.ts'
import { tokenVersion as settingReport } from '../tokenVersion/report.ts'
import { toy as manifest } from './manifest.ts'
import { lostToyAnswers, toy as observe } from './observe.ts'
import { toy as plan } from './plan.ts'
import { toy as report } from './report.ts'

// The lists of `src`, and one entity and one setting more than they ask for.

const manifestEntities = { ...MANIFEST_KINDS.entities, toy: manifest }
const manifestSettings = { ...MANIFEST_KINDS.settings, tokenVersion: settingManifest }
export const TOY_MANIFEST_KINDS: ManifestKinds = {
  ...MANIFEST_KINDS,
  entities: manifestEntities,
  settings: manifestSettings,
}

const planKinds = { ...PLAN_KINDS, toy: plan }
export const TOY_PLAN_KINDS: PlanKinds = planKinds

const settingPlans = { ...SETTING_PLANS, tokenVersion: settingPlan }
export const TOY_SETTING_PLANS: SettingPlans = settingPlans

const entities = { ...OBSERVE_KINDS.entities, toy: observe }
const settings = { ...OBSERVE_KINDS.settings, tokenVersion: settingObserve }
const lostAnswers = { ...OBSERVE_KINDS.lostAnswers, ...lostToyAnswers }
export const TOY_OBSERVE_KINDS: ObserveKinds = { ...OBSERVE_KINDS, entities, settings, lostAnswers }

const reportKinds = { ...REPORT_KINDS, toy: report, tokenVersion: settingReport }
export const TOY_REPORT_KINDS: ReportKinds = reportKinds
