import type { PowerGraph } from '../graph/power-graph.ts'
import { counted } from '../layout/paint.ts'
import type { Review, ReviewAccount, ReviewHead, ReviewSection, SectionName } from '../review/review.ts'
import { PrincipalNumbers, reviewFilter } from './filter-form.ts'
import { graphPicture } from './graph-picture.ts'
import { type Markup, markup } from './markup.ts'
import { wholePage } from './page.ts'
import { type PageContext, reviewEntry } from './review-entry.ts'

/** The picture of one account; null: of policies, which are nobody's. */
export interface ReviewGraph {
  readonly account: ReviewAccount | null
  readonly graph: PowerGraph
}

/** What whose access changes is said in; the picture stands below the last of them, unless there are escalations. */
const OF_ACCESS: readonly SectionName[] = ['outside', 'unknown', 'gains', 'losses']

/** @param of what was asked for: `plan` */
export function reviewDocument(of: string, review: Review, graphs: readonly ReviewGraph[]): string {
  const { verdict, commit, heads, sections } = review
  const said = verdict.counts.map(([count, what]) => `${count} ${what}`).join(' · ') || verdict.otherwise
  const numbers = new PrincipalNumbers(review)
  const context = { numbers, hasSeveralAccounts: hasSeveralAccounts(review) }
  const picture = pictureSection(graphs)
  const above = picture === null ? null : pictureIsBelow(sections)
  const parts = sections.flatMap((section) => [
    sectionOf(section, context),
    ...(picture !== null && section === above ? [picture] : []),
  ])
  return wholePage({
    title: `${of}: ${said}`,
    header: markup`<h1 class="verdict ${verdict.level}">${said}</h1>
${verdict.objections.length === 0 ? null : markup`<ul class="objections">${verdict.objections.map((each) => markup`<li>${each}</li>`)}</ul>`}
${commitOf(commit)}${headsOf(heads.filter(({ digest }) => digest !== null))}
${contents(sections, picture !== null)}
${reviewFilter(review, numbers)}`,
    main: markup`${picture !== null && above === null ? picture : null}${parts}
${sections.length === 0 ? markup`<p>Nothing changes, and nothing speaks against it.</p>` : null}`,
    footer: null,
  })
}

const hasSeveralAccounts = ({ heads, sections }: Review): boolean =>
  new Set([
    ...heads.map(({ account }) => account.id),
    ...sections.flatMap(({ entries }) => entries.flatMap(({ account }) => account?.id ?? [])),
  ]).size > 1

const commitOf = (commit: Review['commit']): Markup | null =>
  commit === null
    ? null
    : markup`<dl class="facts">
<dt>Commit</dt><dd><code>${commit.id}</code>${commit.isDirty === true ? ', with changes that are not committed' : null}</dd>
</dl>
`

/** Of many accounts the rest is folded: what follows is to be seen without scrolling past them. */
const MOST_HEADS = 5

const headsOf = (heads: readonly ReviewHead[]): Markup => {
  const rest = heads.slice(MOST_HEADS)
  return markup`${heads.slice(0, MOST_HEADS).map(headOf)}${
    rest.length === 0
      ? null
      : markup`<details class="more-accounts"><summary>and ${counted(rest.length, 'more account')}</summary>
${rest.map(headOf)}
</details>`
  }`
}

const headOf = ({ account, digest, against }: ReviewHead): Markup => markup`<dl class="facts">
<dt>Account</dt><dd>${account.name} (${account.id})</dd>
<dt>Compared with</dt><dd>${against === null ? 'the target, which was read' : markup`<code>${against.ref}</code>, commit <code>${against.commit}</code>; no target was read`}</dd>
<dt>Digest</dt><dd><code>${digest}</code></dd>
</dl>`

function contents(sections: readonly ReviewSection[], hasPicture: boolean): Markup | null {
  if (sections.length < 2) return null
  const items = sections.map(
    (section) =>
      markup`<li><a href="#${section.name}">${titleOf(section)}</a> <span class="count">${section.entries.length}</span></li>`,
  )
  return markup`<nav aria-label="Contents"><ul>${items}${hasPicture ? markup`<li><a href="#picture">Picture</a></li>` : null}</ul></nav>`
}

const titleOf = ({ title }: ReviewSection): string => `${title.slice(0, 1).toUpperCase()}${title.slice(1)}`

function sectionOf(section: ReviewSection, context: PageContext): Markup {
  const { name, entries, mayFold } = section
  const heading = markup`<h2 id="${name}-title">${titleOf(section)} <span class="count">${entries.length}</span></h2>`
  const body = markup`<p class="note hidden-note" hidden></p>
${entries.map((entry) => markup`${reviewEntry(entry, name, context)}\n`)}`
  return markup`<section id="${name}" aria-labelledby="${name}-title" data-filtered>
${mayFold ? markup`<details><summary>${heading}</summary>\n${body}</details>` : markup`${heading}\n${body}`}
</section>
`
}

function pictureIsBelow(sections: readonly ReviewSection[]): ReviewSection | null {
  const ofAccess = sections.filter(({ name }) => OF_ACCESS.includes(name))
  return sections.find(({ name }) => name === 'escalations') ?? ofAccess.at(-1) ?? null
}

function pictureSection(graphs: readonly ReviewGraph[]): Markup | null {
  const drawn = graphs.flatMap(({ account, graph }, index) => {
    const whose = account === null ? '' : ` in ${account.name}`
    const picture = graphPicture(graph, `picture-${index + 1}`, `Who may come to be whom${whose}`)
    return picture === null ? [] : [{ account, picture }]
  })
  if (drawn.length === 0) return null
  const isOfSeveral = drawn.length > 1
  return markup`<section id="picture" aria-labelledby="picture-title">
<h2 id="picture-title">Who may come to be whom <span class="count">${isOfSeveral ? counted(drawn.length, 'account') : null}</span></h2>
${drawn.map(({ account, picture }) => markup`${isOfSeveral && account !== null ? markup`<h3>${account.name} (${account.id})</h3>` : null}${picture}`)}
</section>
`
}
