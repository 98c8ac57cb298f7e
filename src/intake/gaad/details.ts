import { warningOf } from '../../diagnostics/index.ts'
import {
  type Account,
  DEFAULT_MAX_SESSION_DURATION,
  type EntityKind,
  entityRef,
  isAwsManagedPolicyArn,
  PARTITIONS,
  type Partition,
  parseArn,
  parseEntityArn,
  type StateDocument,
} from '../../model/index.ts'
import { isObject } from '../../policy/parsing.ts'
import type { EstateDraft } from '../estate-draft.ts'
import type { GivenAccount, Source } from '../intake.ts'
import { AttributeReader, type GaadDetail } from './attributes.ts'
import { GAAD_LISTS, type GaadPage } from './pages.ts'

const KINDS: Readonly<Record<(typeof GAAD_LISTS)[number], EntityKind>> = {
  UserDetailList: 'user',
  GroupDetailList: 'group',
  RoleDetailList: 'role',
  Policies: 'policy',
}

/** Puts into a draft what pages hold. @returns whether all of it could be read */
export function readDetails(
  pages: readonly GaadPage[],
  file: string,
  given: GivenAccount,
  draft: EstateDraft,
): boolean {
  let isWhole = true
  for (const { page, at } of pages)
    for (const list of GAAD_LISTS) {
      const items = page[list]
      if (items === undefined) continue
      if (!Array.isArray(items)) {
        isWhole = notRead(draft, `${at}${list}`, 'a list')
        continue
      }
      for (const [index, item] of items.entries()) {
        const source = { file, address: `${at}${list}[${index}]` }
        if (!readDetail(KINDS[list], item, source, draft)) isWhole = false
      }
    }
  if (draft.accounts.length === 0 && given.id !== null)
    draft.account({ id: given.id, partition: given.partition ?? 'aws' })
  return isWhole
}

function notRead(draft: EstateDraft, address: string, form: string): false {
  draft.find(
    warningOf({
      code: 'intake.unreadable',
      message: `what stands at \`${address}\` is not ${form}`,
      help: 'it is left out, so that not everybody is known: no gate passes on it',
    }),
  )
  return false
}

/** @returns whether it is known who or what it is */
function readDetail(kind: EntityKind, item: unknown, source: Source, draft: EstateDraft): boolean {
  const detail: GaadDetail = isObject(item) ? item : {}
  const arn = typeof detail.Arn === 'string' ? detail.Arn : ''
  const reader = new AttributeReader(detail, source, draft.documents)
  if (kind === 'policy' && isAwsManagedPolicyArn(arn)) {
    draft.awsPolicy(arn, reader.defaultVersion(arn))
    return true
  }
  const named = parseEntityArn(arn)
  const account = accountIn(arn)
  if (named === null || named.kind !== kind || account === null)
    return notRead(draft, source.address, `the ARN of a ${kind} and what belongs to it`)
  const { name, path } = named
  reader.holds = entityRef(kind, name)
  for (const id of [detail.UserId, detail.RoleId])
    if (typeof id === 'string' && (kind === 'user' || kind === 'role')) draft.uniqueId(arn, id)
  const identity = { name, path, arn }
  switch (kind) {
    case 'user': {
      const inlinePolicies = reader.inlinePolicies('UserPolicyList')
      draft.entity(
        account,
        {
          kind,
          ...identity,
          ...reader.grants(inlinePolicies),
          ...reader.member(inlinePolicies),
          inlinePolicies,
        },
        source,
      )
      break
    }
    case 'group': {
      const inlinePolicies = reader.inlinePolicies('GroupPolicyList')
      draft.entity(
        account,
        { kind, ...identity, managedPolicies: reader.grants(inlinePolicies).managedPolicies, inlinePolicies },
        source,
      )
      break
    }
    case 'role': {
      const inlinePolicies = reader.inlinePolicies('RolePolicyList')
      const { managedPolicies, permissionsBoundary, tags } = reader.grants(inlinePolicies)
      draft.entity(
        account,
        {
          kind,
          ...identity,
          description: '',
          maxSessionDuration: DEFAULT_MAX_SESSION_DURATION,
          trustPolicy: reader.document('AssumeRolePolicyDocument', 'trust'),
          managedPolicies,
          inlinePolicies,
          permissionsBoundary,
          tags,
        },
        source,
      )
      readProfiles(detail, arn, draft)
      break
    }
    case 'policy': {
      const document: StateDocument = reader.defaultVersion(reader.holds)
      draft.entity(
        account,
        {
          kind,
          ...identity,
          description: reader.text('Description'),
          document,
          versions: reader.versions(),
          tags: new Map(),
        },
        source,
      )
      break
    }
  }
  return true
}

/** Without the list nobody knows. */
function readProfiles({ InstanceProfileList: profiles }: GaadDetail, role: string, draft: EstateDraft): void {
  if (!Array.isArray(profiles)) return
  if (profiles.length === 0) draft.withoutProfile(role)
  for (const each of profiles)
    if (isObject(each) && typeof each.Arn === 'string') draft.instanceProfile(each.Arn, role)
}

/** null: the ARN names no account. */
function accountIn(arn: string): Account | null {
  const { partition, account: id } = parseArn(arn) ?? { partition: '', account: '' }
  return /^\d{12}$/.test(id) && isPartition(partition) ? { id, partition } : null
}

const isPartition = (text: string): text is Partition => PARTITIONS.some((each) => each === text)
