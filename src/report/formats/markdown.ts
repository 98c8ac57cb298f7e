import { diagnosticsText } from '../diagnostics-report.ts'
import { fenced } from '../markdown/fenced.ts'
import type { Result } from '../result.ts'
import { type ByType, byType, type Format, type Rendering } from './format.ts'
import { text } from './text.ts'

type MarkdownType = 'plan' | 'access diff' | 'access check' | 'access escalations' | 'test'

const inFence = (result: Result, given: Rendering): string => fenced(text.render(result, given) ?? '')

const BODIES: ByType<string, MarkdownType> = {
  plan: inFence,
  'access diff': inFence,
  'access check': inFence,
  'access escalations': inFence,
  test: inFence,
  failed: (_, { diagnostics, texts }: Rendering) =>
    `**iam-sync failed**\n\n${fenced(diagnosticsText(diagnostics, texts))}`,
}

/** A comment, or the summary of a job. */
export const markdown: Format<MarkdownType> = {
  render: (result, given) => byType(BODIES, result, given),
}
