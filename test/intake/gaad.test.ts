import { existsSync, readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { createAccessAnalyzer } from '../../src/access/analyzer.ts'
import { loadManagedPolicies } from '../../src/catalog/managed-policies.ts'
import { declaredState } from '../../src/checks/declared-state.ts'
import { SourceTexts } from '../../src/diagnostics/index.ts'
import { type AccountState, type Estate, isUnknown, jsonOf } from '../../src/model/index.ts'
import { randomEstate } from '../access/random-estates.ts'
import { blueprint, desiredOf } from '../arbitraries/state.ts'
import { Random } from '../evaluator/random-cases.ts'
import fc from '../fixed-seed.ts'
import { sampleOf } from '../sample-size.ts'
import { gaadIn } from './read-back.ts'
import { type DocumentForm, detailsOf, pagesOf } from './write-gaad.ts'

const SHARED = new URL('../../../shared/accounts/', import.meta.url)
const NO_SHARED = 'the folder of public exports is not here'

describe('public exports', () => {
  it.for(['authorization-details.json', 'authorization-details-small.json'])(
    '%s is read whole, and has as many principals as the file',
    (name, { skip }) => {
      const path = new URL(name, SHARED)
      if (!existsSync(path)) skip(NO_SHARED)
      const bytes = readFileSync(path)
      const file = JSON.parse(bytes.toString('utf8'))
      const { estate, findings, sources } = gaadIn(bytes)
      const own = file.Policies.filter(({ Arn }: { Arn: string }) => !Arn.startsWith('arn:aws:iam::aws:'))
      const [{ entities, awsPolicies } = expect.fail('no account'), another] = estate.accounts
      expect(another).toBeUndefined()
      expect([entities.user.size, entities.group.size, entities.role.size, entities.policy.size]).toEqual([
        file.UserDetailList.length,
        file.GroupDetailList.length,
        file.RoleDetailList.length,
        own.length,
      ])
      expect((awsPolicies?.size ?? 0) + own.length).toBe(file.Policies.length)
      expect(sources.size).toBe(
        entities.user.size + entities.group.size + entities.role.size + entities.policy.size,
      )
      expect(findings.filter(({ severity }) => severity !== 'info')).toEqual([])
    },
  )
})

/** What an export tells of an account. */
const told = ({ account, entities }: AccountState) => ({
  account,
  // Of passwords a credential report tells.
  user: [...entities.user.values()].map(({ loginProfile: _, ...user }) => ({
    ...user,
    inlinePolicies: said(user.inlinePolicies),
  })),
  group: [...entities.group.values()].map((group) => ({
    ...group,
    inlinePolicies: said(group.inlinePolicies),
  })),
  role: [...entities.role.values()].map(({ description: _, maxSessionDuration: __, ...role }) => ({
    ...role,
    trustPolicy: jsonOf(role.trustPolicy),
    inlinePolicies: said(role.inlinePolicies),
  })),
  policy: [...entities.policy.values()].map(({ versions: _, tags: __, ...policy }) => ({
    ...policy,
    document: jsonOf(policy.document),
  })),
})

const said = (
  policies: AccountState['entities']['user'] extends ReadonlyMap<string, infer U>
    ? U extends { readonly inlinePolicies: infer P }
      ? P
      : never
    : never,
) => [...policies].map(([name, document]) => [name, jsonOf(document)])

const ACCOUNT_ID = '111122223333'
const FORMS: readonly (readonly [string, (state: AccountState) => string])[] = [
  ['one document', (state) => JSON.stringify(detailsOf([state]), null, 4)],
  ['URL-encoded documents', (state) => JSON.stringify(detailsOf([state], 'encoded'))],
  ['documents as texts', (state) => JSON.stringify(detailsOf([state], 'text'))],
  ['a list of pages', (state) => JSON.stringify(pagesOf(detailsOf([state]), 3))],
  [
    'pages one after another',
    (state) =>
      pagesOf(detailsOf([state]), 3)
        .map((page) => JSON.stringify(page, null, 2))
        .join('\n'),
  ],
  [
    'a page a line',
    (state) =>
      pagesOf(detailsOf([state], 'encoded'), 2)
        .map((page) => `${JSON.stringify(page)}\n`)
        .join(''),
  ],
]

describe('an account that is written as an export and read back', () => {
  it.each(FORMS)('is the same: %s', (_, write) => {
    fc.assert(
      fc.property(blueprint(), (drawn) => {
        const state = declaredState(desiredOf(drawn))
        const { estate, findings } = gaadIn(write(state), undefined, ACCOUNT_ID)
        const [first] = estate.accounts
        expect(first === undefined ? null : told(first)).toEqual(told(state))
        expect(findings.filter(({ severity }) => severity !== 'info')).toEqual([])
        expect(estate.unseen?.has('principals')).toBe(false)
      }),
      { numRuns: sampleOf(40) },
    )
  })

  it('gives the same access: no difference either way, and no new way to more power', async () => {
    const { document: documentOf } = await loadManagedPolicies()
    const analyzer = await createAccessAnalyzer({ documentOf, now: new Date('2026-01-01T00:00:00Z') })
    const random = new Random(20_261_126)
    let compared = 0
    for (let run = 0; run < sampleOf(25); run++) {
      const { accounts } = randomEstate(random)
      const form: DocumentForm = random.pick(['object', 'encoded', 'text'])
      const { estate } = gaadIn(JSON.stringify(detailsOf(accounts, form)))
      const ids = accounts.map(({ account }) => account.id)
      const declared: Estate = {
        accounts,
        organization: null,
        resources: new Map(),
        inventories: new Set(ids),
      }
      for (const [before, after] of [
        [declared, estate],
        [estate, declared],
      ] as const)
        for (const diff of analyzer.diffEstates(before, after, ids).values()) {
          expect({ ...diff, unknownEscalations: diff.unknownEscalations ?? [] }).toEqual({
            verdict: 'none',
            gained: [],
            lost: [],
            unknown: [],
            escalations: [],
            unknownEscalations: [],
          })
          compared++
        }
    }
    expect(compared).toBe(4 * sampleOf(25))
  })
})

const STATEMENT = { Effect: 'Allow', Action: 's3:GetObject', Resource: '*' }
const policyOf = (...statements: readonly object[]) => ({ Version: '2012-10-17', Statement: statements })
const READ_ONLY = 'arn:aws:iam::aws:policy/ReadOnlyAccess'
const export_ = (parts: object): string =>
  JSON.stringify({ UserDetailList: [], GroupDetailList: [], RoleDetailList: [], Policies: [], ...parts })
const user = (name: string, parts: object = {}) => ({
  Path: '/',
  UserName: name,
  Arn: `arn:aws:iam::111122223333:user/${name}`,
  GroupList: [],
  AttachedManagedPolicies: [],
  ...parts,
})

describe('what an export says of AWS', () => {
  it("takes the text of AWS's own policies from the file, and what the file lacks from the catalogue", async () => {
    const { document: documentOf } = await loadManagedPolicies()
    const analyzer = await createAccessAnalyzer({ documentOf, now: new Date('2026-01-01T00:00:00Z') })
    const of = (policies: readonly object[]) =>
      gaadIn(
        export_({
          UserDetailList: [user('ada', { AttachedManagedPolicies: [{ PolicyArn: READ_ONLY }] })],
          Policies: policies,
        }),
      ).estate
    const held = {
      Arn: READ_ONLY,
      DefaultVersionId: 'v2',
      PolicyVersionList: [{ VersionId: 'v2', Document: policyOf(STATEMENT) }],
    }
    const mayRead = (estate: Estate, action: string) =>
      analyzer.notGranted(estate, { actions: [action], resources: ['*'], context: new Map() }, [
        '111122223333',
      ]).violations.length > 0
    expect([mayRead(of([held]), 's3:GetObject'), mayRead(of([held]), 'iam:ListUsers')]).toEqual([true, false])
    expect([mayRead(of([]), 's3:GetObject'), mayRead(of([]), 'iam:ListUsers')]).toEqual([true, true])
    const [diff] = analyzer.diffEstates(of([]), of([held]), ['111122223333']).values()
    expect([diff?.verdict, diff?.gained]).toEqual(['lost', []])
  })

  it('tells of new power that comes of what AWS changed in its own policy', async () => {
    const { document: documentOf } = await loadManagedPolicies()
    const analyzer = await createAccessAnalyzer({ documentOf, now: new Date('2026-01-01T00:00:00Z') })
    const changedByAws = 'arn:aws:iam::aws:policy/NewsToUs'
    const joins = policyOf({ Effect: 'Allow', Action: 'iam:AddUserToGroup', Resource: '*' })
    const of = (statement: object) =>
      gaadIn(
        export_({
          UserDetailList: [user('ada', { UserPolicyList: [{ PolicyName: 'own', PolicyDocument: joins }] })],
          GroupDetailList: [
            {
              Path: '/',
              GroupName: 'staff',
              Arn: 'arn:aws:iam::111122223333:group/staff',
              GroupPolicyList: [],
              AttachedManagedPolicies: [{ PolicyArn: changedByAws }],
            },
          ],
          Policies: [
            {
              Arn: changedByAws,
              DefaultVersionId: 'v1',
              PolicyVersionList: [{ VersionId: 'v1', Document: policyOf(statement) }],
            },
          ],
        }),
      ).estate
    const [old, now] = [of(STATEMENT), of({ Effect: 'Allow', Action: '*', Resource: '*' })]
    const found = (before: Estate, after: Estate) =>
      analyzer.newEscalations(before, after, ['111122223333']).escalations.map(({ principals }) => principals)
    expect(found(old, now)).toEqual([['arn:aws:iam::111122223333:user/ada']])
    expect([found(now, old), found(old, old), found(now, now)]).toEqual([[], [], []])
  })

  it('of a policy of which neither has a text nothing is known', async () => {
    const analyzer = await createAccessAnalyzer({
      documentOf: () => null,
      now: new Date('2026-01-01T00:00:00Z'),
    })
    const { estate } = gaadIn(
      export_({
        UserDetailList: [
          user('ada', { AttachedManagedPolicies: [{ PolicyArn: 'arn:aws:iam::aws:policy/NewsToUs' }] }),
        ],
      }),
    )
    const proof = analyzer.notGranted(
      estate,
      { actions: ['iam:CreateUser'], resources: ['*'], context: new Map() },
      ['111122223333'],
    )
    expect([proof.holds, proof.unknown.map(({ reason }) => reason)]).toEqual(['unknown', ['document']])
  })
})

describe('what stands where', () => {
  it('a statement is placed in its own document, by the address of the document', () => {
    const texts = new SourceTexts()
    const { estate } = gaadIn(
      export_({
        UserDetailList: [
          user('ada', { UserPolicyList: [{ PolicyName: 'own', PolicyDocument: policyOf(STATEMENT) }] }),
        ],
      }),
      texts,
    )
    const held = estate.accounts[0]?.entities.user.get('ada')?.inlinePolicies.get('own')
    if (held === undefined || isUnknown(held) || held.located === null) throw new Error('no place')
    expect(held.located.file).toBe('account.json#UserDetailList[0].UserPolicyList[0]')
    expect(texts.text(held.located.file)?.split('\n').slice(0, 3)).toEqual([
      '{',
      '  "Version": "2012-10-17",',
      '  "Statement": [',
    ])
  })

  it('an entity is placed by its list, in the page where it stands', () => {
    const one = export_({ UserDetailList: [user('ada')] })
    expect([...gaadIn(one).sources]).toEqual([
      ['arn:aws:iam::111122223333:user/ada', { file: 'account.json', address: 'UserDetailList[0]' }],
    ])
    const two = `${one}\n${export_({ UserDetailList: [user('bob')] })}`
    expect([...gaadIn(two).sources.values()].map(({ address }) => address)).toEqual([
      '[0].UserDetailList[0]',
      '[1].UserDetailList[0]',
    ])
  })
})

describe('the bytes of a file', () => {
  const text = export_({ UserDetailList: [user('ädä')] })
  const utf16 = (order: 'le' | 'be', mark: boolean): Uint8Array => {
    const bytes = Buffer.from(`${mark ? '\ufeff' : ''}${text}`, 'utf16le')
    return order === 'le' ? bytes : bytes.swap16()
  }
  it.each([
    ['UTF-8', Buffer.from(text)],
    ['UTF-8 with a mark', Buffer.from(`\ufeff${text}`)],
    ['UTF-16 LE with a mark', utf16('le', true)],
    ['UTF-16 BE with a mark', utf16('be', true)],
    ['UTF-16 LE without one', utf16('le', false)],
    ['UTF-16 BE without one', utf16('be', false)],
  ])('may be %s', (_, bytes) => {
    expect([...(gaadIn(bytes).estate.accounts[0]?.entities.user.keys() ?? [])]).toEqual(['ädä'])
  })
})
