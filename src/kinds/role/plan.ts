import type { Detail } from '../../model/detail.ts'
import {
  DEFAULT_MAX_SESSION_DURATION,
  type DesiredRole,
  type PlacedDocument,
  type RoleState,
  type StateDocument,
} from '../../model/index.ts'
import { type EffectiveCall, step } from '../../model/step.ts'
import { creationDetails, creationRequires } from '../../plan/creation.ts'
import type { Grants } from '../../plan/grants/grant-change.ts'
import { grantSteps } from '../../plan/grants/grant-steps.ts'
import { compareGrants, grantDetails } from '../../plan/grants/grants.ts'
import { rankOf } from '../../plan/kind-order.ts'
import { createChange, deleteChange, fateOf, type PlanKind, type Planning } from '../../plan/planning.ts'
import { replacementDetails } from '../../plan/principals/named-elsewhere.ts'
import {
  breakTrustCycles,
  neededForTrust,
  reducedTrust,
  trustedEntities,
} from '../../plan/principals/trust.ts'
import { trustChange, trustForNow, yetToCome } from '../../plan/principals/trust-change.ts'
import { noteIncompleteTrust, noteLaterTrust } from '../../plan/principals/trust-notes.ts'
import { isUnopened, unopenedTrust } from '../../plan/principals/unopened-role.ts'
import { attached, inlined, tagged } from '../../plan/quotas/quota-use.ts'
import { declaredAttributes } from '../../plan/removal/ownership.ts'
import { releaseDetails, releaseSteps, releasesOf } from '../../plan/removal/releases.ts'
import { removalDetails, removalSteps } from '../../plan/removal/removal.ts'
import { refuseLossyRoleReplacement } from '../../plan/removal/replacement.ts'
import { noteUnmanagedGrants } from '../../plan/removal/unmanaged.ts'
import { tagsAsList } from '../../plan/steps/kind-calls.ts'
import { RANK, type StepDraft, token } from '../../plan/steps/step-drafts.ts'
import { leastSize } from '../../policy/size.ts'
import { documentDetail, valueDetail } from '../attributes/details.ts'
import { ROLE } from './kind.ts'
import { ROLE_ATTRIBUTES, ROLE_MANIFEST } from './manifest.ts'

type RoleSettings = Pick<RoleState, 'description' | 'maxSessionDuration'>

/** What a role's description and session length become. @param observed null: it is created */
function settingsAfter(
  { declaredBefore, observed: { account } }: Planning,
  observed: RoleState | null,
  desired: DesiredRole,
): RoleSettings {
  const { description, maxSessionDuration } = declaredAttributes(declaredBefore, desired)
  const attributes = ROLE_ATTRIBUTES
  return {
    description: attributes.description.compare(observed, desired, description, account).after,
    maxSessionDuration: attributes.maxSessionDuration.compare(observed, desired, maxSessionDuration, account)
      .after,
  }
}

export const role: PlanKind<'role'> = {
  facts: ROLE,
  attributes: ROLE_MANIFEST.attributes,
  namedBy: 'name',
  delete: ({ name: RoleName }) => step('DeleteRole', { RoleName }),
  grants: {
    attach: (RoleName, PolicyArn) => step('AttachRolePolicy', { RoleName, PolicyArn }),
    detach: (RoleName, PolicyArn) => step('DetachRolePolicy', { RoleName, PolicyArn }),
    putInline: (RoleName, PolicyName, PolicyDocument) =>
      step('PutRolePolicy', { RoleName, PolicyName, PolicyDocument }),
    deleteInline: (RoleName, PolicyName) => step('DeleteRolePolicy', { RoleName, PolicyName }),
    managedPolicies: 'managedPoliciesPerRole',
    inlinePolicySize: 'inlinePolicySizePerRole',
  },
  boundary: {
    put: (RoleName, PermissionsBoundary) =>
      step('PutRolePermissionsBoundary', { RoleName, PermissionsBoundary }),
    delete: (RoleName) => step('DeleteRolePermissionsBoundary', { RoleName }),
  },
  memberships: null,
  tags: {
    tag: ({ name: RoleName }, Tags) => step('TagRole', { RoleName, Tags }),
    untag: ({ name: RoleName }, TagKeys) => step('UntagRole', { RoleName, TagKeys }),
  },
  quotas: [
    {
      quota: 'trustPolicySize',
      attribute: 'trustPolicy',
      what: 'characters of its trust policy',
      used: ({ trustPolicy }) => leastSize(trustPolicy),
    },
    attached('managedPoliciesPerRole'),
    inlined('inlinePolicySizePerRole'),
    tagged('tagsPerRole'),
  ],
  /** @see IAM API Reference, UpdateRole: it takes no path */
  isMadeAnew: (observed, desired, { observed: { account } }) =>
    ROLE_ATTRIBUTES.path.compare(observed, desired, undefined, account).isMoved,
  planner: (planning) => {
    const missing = breakTrustCycles(trustsAmongNewRoles(planning))
    return {
      create: (desired) => createRole(planning, desired, missing.get(desired.arn) ?? NOBODY),
      update: (observed, desired) => updateRole(planning, observed, desired),
      replace: (observed, desired) =>
        replaceRole(planning, observed, desired, missing.get(desired.arn) ?? NOBODY),
      delete: (observed) => {
        const releases = releasesOf(planning, observed)
        const change = deleteChange(observed, [
          ...releaseDetails(releases),
          ...removalDetails(planning, 'role', observed),
        ])
        planning.changes.push(change)
        releaseSteps(planning, change.key, observed, releases, null)
        removalSteps(planning, change.key, observed)
      },
    }
  },
}

const NOBODY: ReadonlySet<string> = new Set()

/** For each role that is created, the created roles that it trusts; users are created before roles. */
function trustsAmongNewRoles(planning: Planning): ReadonlyMap<string, readonly string[]> {
  const { desired, observed, toLookAt } = planning
  const created = new Map<string, DesiredRole>()
  for (const { name } of toLookAt.role.unsettled) {
    const [state, role] = [observed.entities.role.get(name), desired.entities.role.get(name)]
    if (role === undefined) continue
    if (state === undefined || fateOf(planning, state) === 'replace') created.set(role.arn, role)
  }
  return new Map(
    [...created].map(([arn, role]) => [
      arn,
      trustedEntities(role.trustPolicy.json, observed.account).filter((trusted) => created.has(trusted)),
    ]),
  )
}

function createRole(planning: Planning, desired: DesiredRole, missing: ReadonlySet<string>): void {
  const grants = compareGrants(planning, null, desired)
  const settings = settingsAfter(planning, null, desired)
  planning.changes.push(createChange('create', desired, creationDetails(planning, 'role', desired)))
  pushCreate(planning, desired, grants, settings, missing, [])
  grantSteps(planning, grants, false)
}

function replaceRole(
  planning: Planning,
  observed: RoleState,
  desired: DesiredRole,
  missing: ReadonlySet<string>,
): void {
  refuseLossyRoleReplacement(planning, observed, desired)
  const differences = compareGrants(planning, observed, desired)
  const settings = settingsAfter(planning, null, desired)
  const change = createChange('replace', desired, [
    ...ROLE_ATTRIBUTES.path.compare(observed, desired, undefined, planning.observed.account).details(),
    ...settingsDetails(observed, settings),
    ...trustDetails(planning, observed.trustPolicy, desired),
    ...grantDetails(differences),
    ...replacementDetails(planning, observed.arn, desired.arn),
  ])
  planning.changes.push(change)
  releaseSteps(planning, change.key, observed, releasesOf(planning, observed), desired.arn)
  removalSteps(planning, change.key, observed)
  const grants = compareGrants(planning, null, desired)
  pushCreate(planning, desired, grants, settings, missing, [token.gone('role', desired.name)])
  grantSteps(planning, grants, false)
}

function updateRole(planning: Planning, observed: RoleState, desired: DesiredRole): void {
  const grants = compareGrants(planning, observed, desired)
  const isNoted = noteUnmanagedGrants(planning, grants)
  const settings = settingsAfter(planning, observed, desired)
  const changedSettings = settingsDetails(observed, settings)
  const kind = trustChange(planning, observed.trustPolicy, desired)
  if (kind === 'later') noteLaterTrust(planning, desired)
  else noteIncompleteTrust(planning, desired)
  const trust = kind === 'write' ? trustDetails(planning, observed.trustPolicy, desired) : []
  const details = [...changedSettings, ...trust, ...grantDetails(grants)]
  if (details.length === 0) {
    if (!isNoted && kind === 'none') planning.settled.set(observed, desired)
    return
  }
  const change = createChange('update', desired, details)
  planning.changes.push(change)
  if (changedSettings.length > 0)
    planning.steps.push({
      change: change.key,
      // Both: a call that leaves the description out would empty it.
      ...step('UpdateRole', {
        RoleName: desired.name,
        Description: settings.description,
        MaxSessionDuration: settings.maxSessionDuration,
      }),
      effects: [{ type: 'set', kind: 'role', name: desired.name, values: settings }],
      rank: RANK.update,
    })
  // Nobody is in a role that was never opened: like a new one, it may gain before it is.
  const isOpen = !isUnopened(observed.trustPolicy)
  if (trust.length > 0) {
    const written = trustStep(planning, desired, change.key, isOpen ? [token.narrowed(desired.arn)] : [])
    planning.steps.push(isOpen ? written : { ...written, provides: [] })
  }
  grantSteps(planning, grants, isOpen && trust.length > 0)
}

function trustStep(
  planning: Planning,
  desired: DesiredRole,
  change: string,
  requires: readonly string[],
): StepDraft {
  const { name, arn } = desired
  const trustPolicy = trustForNow(planning, desired)
  const awaits = yetToCome(planning, desired, 'after')
  return {
    change,
    ...(awaits.length === 0 ? {} : { awaits }),
    ...step('UpdateAssumeRolePolicy', { RoleName: name, PolicyDocument: JSON.stringify(trustPolicy.json) }),
    effects: [{ type: 'set', kind: 'role', name, values: { trustPolicy } }],
    rank: RANK.update,
    requires: [...requires, ...neededForTrust(trustPolicy.json, planning.observed.account).map(token.exists)],
    provides: [token.bounded(arn)],
  }
}

function pushCreate(
  planning: Planning,
  desired: DesiredRole,
  { boundary: { after: boundaryAfter }, tags: { after: tagsAfter }, key }: Grants,
  { description, maxSessionDuration }: RoleSettings,
  missing: ReadonlySet<string>,
  requires: readonly string[],
): void {
  const { name, path, arn } = desired
  const { account } = planning.observed
  noteIncompleteTrust(planning, desired)
  const trustPolicy = trustForNow(planning, desired)
  const unnamed = new Set([...missing, ...yetToCome(planning, desired, 'after')])
  const first: PlacedDocument =
    unnamed.size === 0
      ? trustPolicy
      : { json: reducedTrust(trustPolicy.json, unnamed, account), located: null }
  const creation = (trust: PlacedDocument): EffectiveCall => ({
    ...step('CreateRole', {
      Path: path,
      RoleName: name,
      AssumeRolePolicyDocument: JSON.stringify(trust.json),
      ...(description === '' ? {} : { Description: description }),
      ...(maxSessionDuration === DEFAULT_MAX_SESSION_DURATION
        ? {}
        : { MaxSessionDuration: maxSessionDuration }),
      ...(boundaryAfter === null ? {} : { PermissionsBoundary: boundaryAfter }),
      ...(tagsAfter.size === 0 ? {} : { Tags: tagsAsList(tagsAfter) }),
    }),
    effects: [
      {
        type: 'created',
        kind: 'role',
        state: {
          kind: 'role',
          name,
          path,
          arn,
          description,
          maxSessionDuration,
          trustPolicy: trust,
          managedPolicies: [],
          inlinePolicies: new Map(),
          permissionsBoundary: boundaryAfter,
          tags: tagsAfter,
        },
      },
    ],
  })
  const opening = trustStep(planning, desired, key, [token.exists(arn)])
  planning.steps.push({
    change: key,
    ...creation(first),
    unopened: () => ({ creation: creation({ json: unopenedTrust(account), located: null }), opening }),
    rank: rankOf(planning.kinds, 'role').create,
    requires: [
      ...requires,
      ...neededForTrust(first.json, account).map(token.exists),
      ...creationRequires(planning, 'role', boundaryAfter),
    ],
    provides: [token.exists(arn)],
  })
  if (unnamed.size > 0) planning.steps.push(opening)
}

const settingsDetails = (before: RoleSettings, after: RoleSettings): readonly Detail[] => [
  ...valueDetail(
    'description',
    before.description === '' ? null : before.description,
    after.description === '' ? null : after.description,
  ),
  ...valueDetail('maxSessionDuration', before.maxSessionDuration, after.maxSessionDuration),
]

const trustDetails = (planning: Planning, before: StateDocument, desired: DesiredRole): readonly Detail[] =>
  trustChange(planning, before, desired) === 'none'
    ? []
    : documentDetail('trustPolicy', before, trustForNow(planning, desired), planning.observed.account)
