import fc from '../../fixed-seed.ts'
import { fewOf, tags } from '../sample-parts.ts'

export const toy = ({ role }: Readonly<Record<string, readonly string[]>>): fc.Arbitrary<object> =>
  fc.record({ roles: fewOf(role, 1), tags }, { requiredKeys: [] })
