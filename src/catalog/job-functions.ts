/**
 * What AWS calls its policies for job functions where it tells of them, and the policies' names.
 * @see IAM User Guide, "AWS managed policies for job functions"
 */
const JOB_FUNCTIONS: ReadonlyMap<string, string> = new Map([
  ['Administrator', 'AdministratorAccess'],
  ['Billing', 'Billing'],
  ['Database Administrator', 'DatabaseAdministrator'],
  ['Data Scientist', 'DataScientist'],
  ['Developer Power User', 'PowerUserAccess'],
  ['Network Administrator', 'NetworkAdministrator'],
  ['Read-Only Access', 'ReadOnlyAccess'],
  ['Security Auditor', 'SecurityAudit'],
  ['Support User', 'SupportUser'],
  ['System Administrator', 'SystemAdministrator'],
  ['View-Only User', 'ViewOnlyAccess'],
])

/** AWS itself doesn't write them alike: neither case nor `job function` at the end counts. */
const plain = (title: string): string => title.toLowerCase().replace(/ job function$/, '')

const BY_TITLE = new Map([...JOB_FUNCTIONS].map(([title, name]) => [plain(title), name]))

/** The name of the policy that a title stands for; null: it is none. */
export const policyOfJobFunction = (title: string): string | null => BY_TITLE.get(plain(title)) ?? null

export const jobFunctionTitles = (): Iterable<string> => JOB_FUNCTIONS.keys()
