import { describe, expect, it } from 'vitest'
import { accountOf, allow, document, grant, OTHER } from '../evaluator/estate-world.ts'
import { askForTests, isBy, reaches, told } from './ask.ts'
import { type AttackScenario, GRAPH_EDGES, WALKTHROUGHS } from './attack-scenarios.ts'
import { ADMINISTRATOR, allows, arnOf, estateOf, document as policy, trusts } from './estates.ts'

const asked = askForTests()

function expectNamed({ account, who, reached, by }: AttackScenario): void {
  const found = asked().existing(account)
  const label = who.includes(':') ? who : arnOf(who)
  const named = found.filter(
    (each) =>
      each.principals.includes(label) &&
      reaches(each, [reached]) &&
      by.every((action) => isBy(each, [action])),
  )
  expect(named.length, told(found).join('\n')).toBeGreaterThan(0)
}

describe('each edge of a graph of principals is found', () => {
  it.each(GRAPH_EDGES)('$name', expectNamed)
  it('a role of another account', () => {
    const other = accountOf(
      OTHER,
      {},
      {
        power: {
          policy: document(allow('*')),
          trust: document(grant({ AWS: arnOf('user/ann') }, 'sts:AssumeRole')),
        },
      },
    )
    const target = `arn:aws:iam::${OTHER}:role/power`
    const home = estateOf({ users: { ann: { policy: policy(allows('sts:AssumeRole', target)) } } })
    const found = asked().ofEstate({ ...home, accounts: [...home.accounts, other] })
    expect(found.map((each) => [each.principals, each.target])).toContainEqual([[arnOf('user/ann')], target])
  })
  it('roles of one name in several accounts are told apart by the account', () => {
    const trust = document(grant({ AWS: arnOf('user/ann') }, 'sts:AssumeRole'))
    const others = [OTHER, '333344445555'].map((id) =>
      accountOf(id, {}, { power: { policy: document(allow('*')), trust } }),
    )
    const home = estateOf({
      users: { ann: { policy: policy(allows('sts:AssumeRole', 'arn:aws:iam::*:role/power')) } },
      roles: { power: { managed: [ADMINISTRATOR], trust: trusts('user/ann') } },
    })
    const ofAnn = asked()
      .ofEstate({ ...home, accounts: [...home.accounts, ...others] })
      .filter(({ principals, severity }) => principals.includes(arnOf('user/ann')) && severity === 'critical')
    const said = ofAnn.map(({ why }) => why).join('; ')
    for (const name of ['role/power', `role/power in ${OTHER}`, 'role/power in 333344445555'])
      expect(said.match(new RegExp(`${name}(?=[;,]|$)`, 'g')), said).toHaveLength(1)
  })
})

describe('each way through an account that is made to be attacked is found', () => {
  it('13 are here', () => {
    expect(WALKTHROUGHS).toHaveLength(13)
  })
  it.each(WALKTHROUGHS)('$name', expectNamed)
})

describe('without its last step a way is none', () => {
  // Whom an outsider may become is told whatever comes of it.
  it.each(
    [...GRAPH_EDGES, ...WALKTHROUGHS].filter(
      ({ reached, who }) => reached === 'role/power' && !who.includes(':'),
    ),
  )('$name', ({ account, who, reached }) => {
    const roles = Object.fromEntries(
      Object.entries(account.roles ?? {}).map(([name, parts]) => [
        name,
        name === 'power' ? { trust: parts.trust } : parts,
      ]),
    )
    const found = asked().existing({ ...account, roles })
    const label = who.includes(':') ? who : arnOf(who)
    expect(told(found.filter((each) => each.principals.includes(label) && reaches(each, [reached])))).toEqual(
      [],
    )
  })
})
