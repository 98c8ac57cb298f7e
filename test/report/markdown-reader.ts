/** Markdown of ours as GitHub and GitLab read it, as far as it takes to tell code from what is read as markup. */
interface ReadMarkdown {
  /** Lines outside of fences, with code spans and `<code>` taken out; a mark stands for each. */
  readonly prose: readonly string[]
  /** What stands in fences, code spans and `<code>`. */
  readonly code: readonly string[]
}

const CODE_MARK = '\u25a1'

/**
 * @throws Error when a fence, a code span or a tag has no end
 * @see CommonMark Spec 0.31, "Fenced code blocks" and "Code spans"
 */
export function readMarkdown(body: string): ReadMarkdown {
  const prose: string[] = []
  const code: string[] = []
  let fence: { readonly indent: string; readonly length: number } | null = null
  for (const line of body.split('\n')) {
    if (fence !== null) {
      const [, run = ''] = /^ {0,5}(`{3,}) *$/.exec(line) ?? []
      if (run.length >= fence.length) fence = null
      else {
        if (line !== '' && !line.startsWith(fence.indent)) throw new Error(`left its list: ${line}`)
        code.push(line.slice(fence.indent.length))
      }
      continue
    }
    const [, indent = '', run = '', info = ''] = /^( *)(`{3,})([^`]*)$/.exec(line) ?? []
    if (run !== '') {
      if (!/^(?:|diff)$/.test(info) || !/^(?:| {2})$/.test(indent))
        throw new Error(`a fence of another kind: ${line}`)
      fence = { indent, length: run.length }
      continue
    }
    prose.push(withoutCode(line, code))
  }
  if (fence !== null) throw new Error('a fence has no end')
  const tags = prose.flatMap((line) => [...line.matchAll(/<\/?[a-z]+>/g)].map(([tag]) => tag))
  const open: string[] = []
  for (const tag of tags)
    if (!tag.startsWith('</')) open.push(tag)
    else if (open.pop() !== tag.replace('/', '')) throw new Error(`no beginning of ${tag}`)
  if (open.length > 0) throw new Error(`no end of ${open.join()}`)
  return { prose, code }
}

/** Backticks first: a code span binds tighter than anything else but `<code>` of ours, which has none in it. */
function withoutCode(line: string, code: string[]): string {
  const runs = [...line.matchAll(/`+/g)].map(([run], index, all) => ({ run, at: all[index]?.index ?? 0 }))
  const parts: string[] = []
  let from = 0
  for (let index = 0; index < runs.length; ) {
    const start = runs[index]
    const end = runs.findIndex(({ run }, other) => other > index && run.length === start?.run.length)
    const close = runs[end]
    if (start === undefined || close === undefined) throw new Error(`a code span has no end: ${line}`)
    parts.push(line.slice(from, start.at))
    code.push(line.slice(start.at + start.run.length, close.at))
    from = close.at + close.run.length
    index = end + 1
  }
  parts.push(line.slice(from))
  return parts.join(CODE_MARK).replace(/<code>([^<]*)<\/code>/g, (_, inner: string) => {
    code.push(inner)
    return CODE_MARK
  })
}
