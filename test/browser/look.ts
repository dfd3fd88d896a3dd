import type { Page } from 'playwright-core'

/** Words that stay as they are in Chinese: names, codes, MySQL's own words, units. */
const kept = new RegExp(
  `^(${[
    String.raw`orchestrator|shop|db\d+|gtid|pseudo|row|statement|mixed|full|sql|tls|uuid|mysql|vm|live|leader|ctrl|esc|sqlite|mib|auto|host|port`,
    String.raw`example|bind|address|id|server|dead\w*|[\w.-]*:\d+|recovermasterclusterfilters|recoverintermediatemasterclusterfilters|audittobackenddb|lag|status`,
    String.raw`trouble|dc|version|role|primary|readonly|no|downtime|yes|conf|json|tmp|orc|sandbox|localhost|eu-west-\d|bob|new|disks|readers|nosuch|owner|payments|backup|receiver-only|internal|sleep|connect|refused|csv|openapi|markdown|pseudo-gtid|x|node|dev|english|s|h`,
    String.raw`d|min|ms|name|repl|binlog|yml|grant|on|to|performance_schema`,
    String.raw`stop|start|change|replica|replication|source|io_thread|source_retry_count`,
  ].join('|')})$`,
  'i',
)

/** Codes (`DeadMaster`, `ECONNREFUSED`, `lock_wait_timeout`) and pieces of identifiers. */
const code = /^([A-Z]?[a-z]*([A-Z][a-z0-9]*)+|[A-Z_\d]{2,}|\w+_\w+|[\da-f-]{4,})$/

/** Run in the page: the text that is shown, without what is marked as code, as a name or as English, and without sentences that hold MySQL's own words: those are not ours to translate. */
const shownText = `(() => {
  const found = []
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT)
  for (let node = walker.nextNode(); node !== null; node = walker.nextNode()) {
    const element = node.parentElement
    if (element.closest('code, pre, kbd, .mono, [lang="en"], .panel-reason, script, style') === null && element.checkVisibility({ opacityProperty: true, visibilityProperty: true })) found.push(node.textContent)
  }
  return found.join('\\n')
})()`

/** The English words that a page in Chinese shows. */
export async function englishLeft(page: Page): Promise<readonly string[]> {
  const text = await page.evaluate<string>(shownText)
  const isPartOfName = (word: string): boolean => [`${word}:`, `/${word}`, `.${word}`].some(each => text.includes(each))
  return [...new Set(text.match(/[a-z][\w-]+/gi) ?? [])].filter(word => !kept.test(word) && !code.test(word) && !isPartOfName(word))
}

/** Run in the page (what is 2 px or less is there for those who listen): what is cut off with nothing that tells the whole, what stands outside of the window, and whether anything scrolls sideways that should not. */
const measure = `(() => {
  const found = []
  const says = element => (element.tagName.toLowerCase() + (element.className?.baseVal === undefined && element.className !== '' ? '.' + String(element.className).split(' ').slice(0, 2).join('.') : '') + ' ' + JSON.stringify(element.textContent.trim().slice(0, 60)))
  if (document.documentElement.scrollWidth > innerWidth) found.push('the page is ' + document.documentElement.scrollWidth + ' px wide in a window of ' + innerWidth)
  const main = document.querySelector('main')
  if (main !== null && main.scrollWidth > main.clientWidth + 1) found.push('the content scrolls sideways by ' + (main.scrollWidth - main.clientWidth) + ' px')
  const scrolls = element => { for (let each = element; each !== null && each !== document.body; each = each.parentElement) { const { overflowX } = getComputedStyle(each); if ((overflowX === 'auto' || overflowX === 'scroll') && each !== main) return true; if (each.matches('.react-flow')) return true } return false }
  for (const element of document.body.querySelectorAll('*')) {
    if (element.closest('svg, .visually-hidden, [aria-hidden="true"], .react-flow__viewport') !== null) continue
    const own = [...element.childNodes].some(node => node.nodeType === 3 && node.textContent.trim() !== '')
    if (!own || !element.checkVisibility({ opacityProperty: true, visibilityProperty: true })) continue
    const box = element.getBoundingClientRect()
    if (box.width <= 2 || box.height <= 2 || scrolls(element)) continue
    if (box.right > innerWidth + 1 || box.left < -1) found.push('outside of the window: ' + says(element))
    const { overflowX, overflowY } = getComputedStyle(element)
    const isCut = (overflowX !== 'visible' && element.scrollWidth > element.clientWidth + 1) || (overflowY === 'hidden' && element.scrollHeight > element.clientHeight + 2)
    if (isCut && element.closest('[title], [aria-label]') === null && element.tagName !== 'INPUT') found.push('cut off: ' + says(element))
  }
  return [...new Set(found)]
})()`

/** What does not fit on the page as it stands. Text that is cut on purpose says the whole as its title. */
export const doesNotFit = async (page: Page): Promise<readonly string[]> => page.evaluate<readonly string[]>(measure)
