import { appendFileSync, readFileSync, writeFileSync } from 'node:fs'
import { it } from 'vitest'
import { createAccessAnalyzer } from '../../src/access/analyzer.ts'
import { loadManagedPolicies } from '../../src/catalog/managed-policies.ts'
import { printed } from './faults.ts'
import { hunt } from './hunt.ts'
import { shrink } from './shrink.ts'

it('hunts', async () => {
  const managed = await loadManagedPolicies()
  const facts = { documentOf: (arn: string) => managed.document(arn), now: new Date('2026-06-01T12:00:00Z') }
  const analyzer = await createAccessAnalyzer(facts)
  const start = performance.now()
  const estates = Number(process.env.HUNT_ESTATES ?? 100)
  const { counts, kinds } = await hunt({ estates, questions: Number(process.env.HUNT_QUESTIONS ?? 150), seed: Number(process.env.HUNT_SEED ?? 1) }, analyzer, facts, (n) => { if (n % 100 === 0) console.log(n, ((performance.now() - start) / 1000).toFixed(1)) })
  const seconds = (performance.now() - start) / 1000
  console.log(JSON.stringify(counts), seconds.toFixed(1), 's', (counts.questions / seconds).toFixed(0), 'q/s', kinds.length, 'kinds')
  const lines = kinds.map(({ kind, count }) => `${count}\t${kind}`)
  writeFileSync('/tmp/team/hunt-kinds.txt', lines.join('\n'))
  if (process.env.HUNT_CATS !== undefined) {
    for (const [name, pattern] of JSON.parse(readFileSync(process.env.HUNT_CATS, 'utf8')) as [string, string][]) {
      const matching = kinds.filter(({ kind }) => new RegExp(pattern).test(kind))
      appendFileSync('/tmp/team/hunt-cats.txt', `\n### ${name}: ${matching.length} kinds, ${matching.reduce((sum, { count }) => sum + count, 0)} faults\n`)
      let best: { readonly text: string } | null = null
      for (const { kind, first } of matching.sort((a, b) => printed(a.first.pair.after).length - printed(b.first.pair.after).length).slice(0, 3)) {
        const small = await shrink(first, analyzer, facts)
        const text = `${kind}\n→ ${small.about}\n${small.detail}\n${printed(small.pair.before) === printed(small.pair.after) ? '' : `BEFORE ${printed(small.pair.before)}\n`}AFTER ${printed(small.pair.after)}\n`
        if (best === null || text.length < best.text.length) best = { text }
      }
      if (best !== null) appendFileSync('/tmp/team/hunt-cats.txt', best.text)
    }
  }
  if (process.env.HUNT_SHRINK !== undefined) {
    const pattern = new RegExp(process.env.HUNT_SHRINK)
    for (const { kind, count, first } of kinds.filter(({ kind }) => pattern.test(kind)).slice(0, Number(process.env.HUNT_MOST ?? 10))) {
      const small = await shrink(first, analyzer, facts)
      appendFileSync('/tmp/team/hunt-shrunk.txt', `
## ${count} × ${kind}
→ ${small.about}
${small.detail}
${printed(small.pair.before) === printed(small.pair.after) ? '' : `BEFORE ${printed(small.pair.before)}
`}AFTER ${printed(small.pair.after)}
`)
    }
  }
}, 3_000_000)
