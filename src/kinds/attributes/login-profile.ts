import type { Detail, Scalar } from '../../model/detail.ts'
import type { LoginProfile } from '../../model/index.ts'
import { type Attribute, type AttributeChange, UNCHANGED } from './attribute.ts'
import { valueDetail } from './details.ts'
import { isOwnedText, textMember } from './scalar.ts'

export interface LoginProfileChange extends AttributeChange {
  readonly before: LoginProfile | null
  readonly after: LoginProfile | null
}

/**
 * A password for the console: wanted, or not. What it is, is nobody's to declare.
 * `passwordResetRequired` is about the first one: who has chosen another since has done what was asked. Only that they need not any
 * more is a change later on.
 */
export const loginProfile: Attribute<
  { readonly loginProfile?: LoginProfile | undefined },
  { readonly loginProfile?: LoginProfile | null },
  LoginProfileChange
> = {
  name: 'loginProfile',
  documents: 'none',
  refersTo: null,
  members: ({ loginProfile: declared }) =>
    declared === undefined || declared === null ? null : [textMember(WANTED)],
  compare: (observed, { loginProfile: declared }, owned) => {
    const before = observed?.loginProfile ?? null
    if (declared === undefined) {
      if (before === null) return { before, after: null, ...UNCHANGED }
      const isOwned = owned !== undefined && isOwnedText(WANTED, owned)
      return isOwned ? changed(before, null) : { before, after: before, ...unmanaged(before) }
    }
    return changed(before, before === null || declared === null ? declared : settledOn(before, declared))
  },
  removal: (observed) => detailsOf(observed.loginProfile ?? null, null),
}

/** What the journal keeps of one that is wanted. */
const WANTED = 'wanted'

const settledOn = (before: LoginProfile, declared: LoginProfile): LoginProfile =>
  before.passwordResetRequired && !declared.passwordResetRequired ? declared : before

const changed = (before: LoginProfile | null, after: LoginProfile | null): LoginProfileChange => ({
  before,
  after,
  details: () => detailsOf(before, after),
  unmanagedParts: UNCHANGED.unmanagedParts,
})

const unmanaged = ({ passwordResetRequired }: LoginProfile): AttributeChange => ({
  details: UNCHANGED.details,
  unmanagedParts: () => [
    {
      is: 'value',
      grant: 'may sign in with a password: `loginProfile` is not declared',
      entity: null,
      loss: 'its password (`loginProfile`)',
      key: 'loginProfile',
      written: { is: 'value', value: passwordResetRequired ? { passwordResetRequired } : {} },
    },
  ],
})

const detailsOf = (before: LoginProfile | null, after: LoginProfile | null): readonly Detail[] =>
  valueDetail('loginProfile', shown(before), shown(after))

const shown = (profile: LoginProfile | null): Scalar => {
  if (profile === null) return null
  return profile.passwordResetRequired ? 'password, to be changed at the first sign-in' : 'password'
}
