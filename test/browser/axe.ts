import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import type { Page } from 'playwright-core'

interface Violation {
  readonly id: string
  readonly help: string
  readonly nodes: readonly { readonly target: readonly string[]; readonly failureSummary: string }[]
}

const rules = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa']
const source = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')

/** What axe finds against WCAG 2.2 AA on the page as it stands, as lines to read. */
export async function violations(page: Page): Promise<readonly string[]> {
  // Run by the debugger, not by the page: the page's own policy forbids foreign scripts.
  await page.evaluate(source)
  const found = await page.evaluate<readonly Violation[]>(`axe.run(document, { runOnly: ${JSON.stringify(rules)} })
    .then(({ violations }) => violations.map(({ id, help, nodes }) => ({ id, help, nodes: nodes.map(({ target, failureSummary }) => ({ target: target.map(String), failureSummary })) })))`)
  return found.flatMap(({ id, help, nodes }) => nodes.map(node => `${id}: ${help} at ${node.target.join(' ')}: ${node.failureSummary.replaceAll('\n', ' ')}`))
}
