import { type Diagnostic, didYouMean, errorOf, hasErrors, type SourceTexts } from '../../diagnostics/index.ts'
import { MANIFEST_KINDS } from '../../kinds/manifest.ts'
import type { DesiredState } from '../../manifest/desired.ts'
import { loadProject } from '../../manifest/load-project.ts'
import {
  type AnyDesiredEntity,
  CHILD_KINDS,
  CHILDREN,
  type ChildKind,
  entitiesIn,
  entityRef,
  type UndeclaredCredentials,
} from '../../model/index.ts'
import { adoptableIn } from '../../plan/adoption/adoptable.ts'
import { adoptableCredentials } from '../../plan/adoption/adoptable-credentials.ts'
import { type AdoptedEntity, adoptedOf, editedTexts } from '../../plan/adoption/adoption.ts'
import type { Plan } from '../../plan/plan.ts'
import { planChanges } from '../../plan/plan-changes.ts'
import type { PlanRequest } from '../../plan/planning.ts'
import type { AskedParents } from '../../reconcile/observe-children.ts'
import { planInput } from '../../reconcile/plan-account.ts'
import type { OpenedProject, ValidAccount } from '../opening/project.ts'
import { openBaseline } from './baseline.ts'
import { intentOf } from './planning.ts'

/** What would be written, and what speaks against it. */
interface Adoption {
  readonly adopted: readonly AdoptedEntity[]
  /** Of each file that changes, its text. */
  readonly files: ReadonlyMap<string, string>
  readonly diagnostics: readonly Diagnostic[]
}

interface PlannedBefore {
  readonly account: ValidAccount
  readonly request: PlanRequest
  readonly plan: Plan
}

/**
 * Looks for what declared entities hold beside their declarations, and adds it to these. What comes of it is read and planned again:
 * whatever would change besides is refused.
 * @param entities `kind/name`; null: all
 */
export async function adoption(opened: OpenedProject, entities: readonly string[] | null): Promise<Adoption> {
  const unknown = entities === null ? [] : unknownIn(opened, entities)
  if (unknown.length > 0) return { adopted: [], files: new Map(), diagnostics: unknown }
  const baseline = await openBaseline(opened, { type: 'target', base: null })
  const before: PlannedBefore[] = []
  const adopted: AdoptedEntity[] = []
  const diagnostics: Diagnostic[] = []
  for (const account of opened.accounts) {
    const intent = intentOf(account, opened, {})
    const seen = await baseline.read(account, intent)
    const inFull = credentialsShown(seen.observed.undeclared, entities)
    const read = Object.keys(inFull).length === 0 ? seen : await baseline.read(account, { ...intent, inFull })
    const request = planInput(intent, read)
    const { plan } = planChanges(request)
    const wanted = [...adoptableIn(request, plan), ...adoptableCredentials(request)].filter(
      ({ entity }) => entities === null || entities.includes(entityRef(entity.kind, entity.name)),
    )
    const found = adoptedOf(wanted, { ...request, aws: opened.facts })
    adopted.push(...found.adopted)
    diagnostics.push(...found.diagnostics, ...sharedIn(opened, account, found.adopted))
    before.push({ account, request, plan })
  }
  if (hasErrors(diagnostics) || adopted.length === 0) return { adopted, files: new Map(), diagnostics }
  const textOf = (file: string): string => opened.source?.files.get(file) ?? ''
  const written = editedTexts(adopted, textOf)
  diagnostics.push(...written.diagnostics)
  if (hasErrors(diagnostics)) return { adopted, files: written.files, diagnostics }
  return {
    adopted,
    files: written.files,
    diagnostics: [...diagnostics, ...checked(opened, before, adopted, written.files)],
  }
}

/** Of whom credentials are there that nobody declares, by kind. @param entities null: of all */
function credentialsShown(
  undeclared: UndeclaredCredentials | undefined,
  entities: readonly string[] | null,
): AskedParents {
  const shown: Partial<Record<ChildKind, readonly string[]>> = {}
  for (const kind of CHILD_KINDS) {
    const names = [...(undeclared?.states[kind]?.keys() ?? [])].filter(
      (name) => entities === null || entities.includes(`${CHILDREN[kind].parent}/${name}`),
    )
    if (names.length > 0) shown[kind] = names
  }
  return shown
}

const declaredRefs = (opened: OpenedProject): readonly string[] =>
  opened.accounts.flatMap(({ desired }) =>
    entitiesIn<AnyDesiredEntity>(desired.entities).map(({ kind, name }) => entityRef(kind, name)),
  )

function unknownIn(opened: OpenedProject, entities: readonly string[]): readonly Diagnostic[] {
  const known = new Set(declaredRefs(opened))
  return entities
    .filter((entity) => !known.has(entity))
    .map((entity) =>
      errorOf({
        code: 'adopt.unknown-entity',
        message: `nothing is declared as \`${entity}\``,
        help: didYouMean(
          entity,
          known,
          "write it as `user/NAME`, `group/NAME`, `role/NAME`, …; what isn't declared at all is declared by hand",
        ),
      }),
    )
}

/** What stands in a manifest of several accounts is declared for all of them. */
function sharedIn(
  { project }: OpenedProject,
  { name: account }: ValidAccount,
  adopted: readonly AdoptedEntity[],
): readonly Diagnostic[] {
  return adopted.flatMap(({ entity, span }) => {
    const others = project.accounts.filter(
      (each) =>
        each.name !== account &&
        entitiesIn<AnyDesiredEntity>(each.read.entities).some(
          (other) => other.span.file === span.file && other.span.start === span.start,
        ),
    )
    if (others.length === 0) return []
    return [
      errorOf({
        code: 'adopt.shared',
        message: `\`${entity}\` is declared here for ${[account, ...others.map(({ name }) => name)].map((name) => `\`${name}\``).join(', ')}: what is written holds for all of them`,
        help: `write by hand what holds for all; for \`${account}\` alone it takes a declaration of its own`,
        span,
      }),
    ]
  })
}

/** The project with these texts means what it meant, and what was adopted besides. */
function checked(
  { source, facts, project: opened }: OpenedProject,
  before: readonly PlannedBefore[],
  adopted: readonly AdoptedEntity[],
  files: ReadonlyMap<string, string>,
): readonly Diagnostic[] {
  const { project, texts } = loadProject({
    kinds: MANIFEST_KINDS,
    files: new Map([...(source?.files ?? []), ...files]),
    facts,
  })
  // What IAM wouldn't store, and stands there already, is no matter here.
  const known = new Set([...opened.refusals].map(({ code, message }) => `${code} ${message}`))
  const errors = project.diagnostics.filter(
    (each) =>
      each.severity === 'error' && !(project.refusals.has(each) && known.has(`${each.code} ${each.message}`)),
  )
  if (errors.length > 0) return errors.map((error) => unsound(error, adopted, texts))
  return before.flatMap(({ account, request, plan }) => {
    const desired = project.accounts.find(({ name }) => name === account.name)?.desired
    const mine = adopted.filter((each) => each.account.name === account.name)
    const [first] = mine
    if (first === undefined) return []
    if (desired !== undefined && desired !== null && isAsBefore(request, plan, desired, mine)) return []
    return [
      errorOf({
        code: 'adopt.not-the-same',
        message: `with what is added to \`${first.entity}\` the plan of account \`${account.name}\` would be another one than without`,
        help: 'nothing is written: declare it by hand, and look at the plan',
        span: first.span,
      }),
    ]
  })
}

function isAsBefore(
  request: PlanRequest,
  before: Plan,
  desired: DesiredState,
  adopted: readonly AdoptedEntity[],
): boolean {
  const { plan } = planChanges({ ...request, desired })
  const refs = new Set(adopted.map(({ entity }) => entity))
  const isLeft = plan.unmanaged.some(
    ({ kind, name, why }) =>
      refs.has(`${kind}/${name}`) &&
      adopted.some(
        ({ entity, grants }) => entity === `${kind}/${name}` && grants.some((grant) => why.startsWith(grant)),
      ),
  )
  return !isLeft && told(plan, refs) === told(before, refs)
}

/** What a plan does. Who is made anew has all of it to be given again. */
const told = ({ changes, steps }: Plan, adopted: ReadonlySet<string>): string =>
  JSON.stringify(
    changes
      .filter(({ action, kind, name }) => !(action === 'replace' && adopted.has(`${kind}/${name}`)))
      .map(({ action, kind, name, details, steps: numbers }) => [
        action,
        kind,
        name,
        details,
        numbers.map((number) => [steps[number]?.operation, steps[number]?.input]),
      ]),
  )

const unsound = (
  { code, message, span }: Diagnostic,
  adopted: readonly AdoptedEntity[],
  texts: SourceTexts,
): Diagnostic => {
  const line = span === null ? '' : (texts.text(span.file) ?? '').slice(span.start, span.end).split('\n')[0]
  return errorOf({
    code: 'adopt.not-sound',
    message: `what is there can't be declared: ${message} (\`${code}\`${line ? `, at \`${line.slice(0, 80)}\`` : ''})`,
    help: 'nothing is written: put it right in the account, or declare by hand what is to be there',
    span: adopted.find((each) => each.span.file === span?.file)?.span ?? null,
  })
}
