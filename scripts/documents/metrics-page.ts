import { figureList } from '../../src/contract/figures.ts'
import { measureList } from '../../src/contract/measures.ts'

const head = `# Metrics

Made by \`npm run docs:generate\` from \`src/contract/figures.ts\` and \`src/contract/measures.ts\`; do not edit. How they are fetched and sent: [observability](../observability.md).

## The original's

On \`/debug/metrics\` and in Graphite by these names; on \`/metrics\` for Prometheus as \`orchestrator_\` and the name with underscores in place of its dots
(\`orchestrator_discoveries_attempt\`).

| Name | Kind | Meaning |
|---|---|---|
`

const own = `
## Ours

On \`/metrics\` alone, as \`orchestrator_\` and the name.

| Name | Kind | Labels | Meaning |
|---|---|---|---|
`

/** All figures that monitoring systems are told, in the order of the tables. */
export function metricsPage(): string {
  const former = figureList.map(([name, { kind, says, onlyWithDeadQueue }]) =>
    `| \`${name}\` | ${kind} | ${says}${onlyWithDeadQueue === undefined ? '' : ' Only where DeadInstanceDiscoveryMaxConcurrency is above 0.'} |`)
  const ours = measureList.map(([name, { kind, labels, says }]) => `| \`${name}\` | ${kind} | ${labels.map(label => `\`${label}\``).join(', ')} | ${says} |`)
  return `${head}${former.join('\n')}\n${own}${ours.join('\n')}\n`
}
