import fc from '../../fixed-seed.ts'
import type { TokenVersion } from './kind.ts'

export const tokenVersion: fc.Arbitrary<TokenVersion> = fc.constantFrom('v1', 'v2')
