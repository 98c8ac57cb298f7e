import { writeFileSync } from 'node:fs'
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
  if (process.env.HUNT_SHRINK !== undefined) {
    const pattern = new RegExp(process.env.HUNT_SHRINK)
    for (const { kind, count, first } of kinds.filter(({ kind }) => pattern.test(kind)).slice(0, Number(process.env.HUNT_MOST ?? 10))) {
      const small = await shrink(first, analyzer, facts)
      console.log(`\n## ${count} × ${kind}\n→ ${small.about}\n${small.detail}\nBEFORE ${printed(small.pair.before)}\nAFTER ${printed(small.pair.after)}`)
    }
  }
}, 3_000_000)
