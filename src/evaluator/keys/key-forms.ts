/** What the text of a key's values is like: how it begins, and what stands after that. */
export interface KeyForm {
  readonly begins: string
  /**
   * `account`: twelve digits; `name`: at least one character, none of them a colon or a slash; `path`: a name, a root,
   * each with a slash behind it, and perhaps more; `text`: a character that is neither, and perhaps more.
   */
  readonly rest: 'account' | 'name' | 'path' | 'text'
  /** A value that it may have. */
  readonly example: string
  /** One that is like it in nothing that policies ask for, where they may name what the first holds. */
  readonly another?: string
  /** What a pattern's wildcard may stand for so that there is such a value. */
  readonly fillings?: readonly string[]
}

const ORGANIZATION: KeyForm = { begins: 'o-', rest: 'name', example: 'o-exampleorgid' }
const ORGANIZATION_PATH: KeyForm = {
  begins: 'o-',
  rest: 'path',
  example: 'o-exampleorgid/r-ab12/ou-ab12-11111111/',
  another: 'o-exampleorgid/r-example/',
  fillings: ['r-ab12/', '-ab12/', 'ab12/', '/r-ab12/', '/', 'exampleorgid/r-ab12', 'exampleorgid/r-ab12/'],
}
const ACCOUNT: KeyForm = { begins: '', rest: 'account', example: '123456789012' }

/**
 * Keys, in lower case, whose values have a form that no policy can change. None of them holds a `*` or `?`.
 * @see IAM User Guide, "AWS global condition context keys"; Amazon VPC API Reference, CreateVpc, CreateVpcEndpoint;
 * Organizations API Reference, Organization
 */
export const KEY_FORMS: ReadonlyMap<string, KeyForm> = new Map([
  ['aws:resourceorgid', ORGANIZATION],
  ['aws:resourceorgpaths', ORGANIZATION_PATH],
  ['aws:sourceaccount', ACCOUNT],
  ['aws:sourcearn', { begins: 'arn:', rest: 'text', example: 'arn:aws:s3:::example' }],
  ['aws:sourceorgid', ORGANIZATION],
  ['aws:sourceorgpaths', ORGANIZATION_PATH],
  ['aws:sourceowner', ACCOUNT],
  ['aws:sourcevpc', { begins: 'vpc-', rest: 'name', example: 'vpc-0123456789abcdef0' }],
  ['aws:sourcevpce', { begins: 'vpce-', rest: 'name', example: 'vpce-0123456789abcdef0' }],
])

const RESTS: Readonly<Record<KeyForm['rest'], RegExp>> = {
  account: /^\d{12}$/,
  name: /^[^:/]+$/,
  path: /^[^:/]+\/r-[^:/]+\/.*$/su,
  text: /^[^:/].*$/su,
}

/** Whether a text can be a value of a key of this form. */
export const hasForm = ({ begins, rest }: KeyForm, text: string): boolean =>
  text.startsWith(begins) && !/[*?]/.test(text) && RESTS[rest].test(text.slice(begins.length))

/**
 * Whether a request may have a key with an empty text, as `s3:prefix` of whoever lists a whole bucket: a tag, a key of what is
 * asked of a service, or of the client. Accounts, names and the like aren't empty.
 * @param key in lower case
 * @see IAM API Reference, Tag: Value has a length of 0 at least
 */
export const mayBeEmpty = (key: string): boolean =>
  !KEY_FORMS.has(key) &&
  /^(?:(?!aws:|sts:|iam:|kms:|saml:)[a-z0-9-]+:.+|[a-z0-9-]+:[a-z-]*tag\/.+|aws:(?:useragent|referer))$/s.test(
    key,
  )
