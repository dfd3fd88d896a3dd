/** The documentation that is shipped with the program, in the order in which people need it. The build puts it beside the page. */
export const helpPages = [
  'first-steps', 'installation', 'configuration', 'migration', 'high-availability', 'security', 'observability', 'pseudo-gtid', 'agents', 'architecture', 'benchmarks',
  'settings', 'commands', 'api', 'metric-list', 'original',
] as const

export type HelpPage = (typeof helpPages)[number]

/** Where each stands in the folder of the documentation, when not under its own name. */
const elsewhere: Partial<Readonly<Record<HelpPage, string>>> = {
  'settings': 'generated/settings.md', 'commands': 'generated/commands.md', 'api': 'generated/api.md', 'metric-list': 'generated/metrics.md', 'original': 'generated/original.md',
}
const inChinese: readonly HelpPage[] = ['migration']

export const helpFile = (page: HelpPage, language: string): string =>
  language === 'zh' && inChinese.includes(page) ? `zh/${page}.md` : (elsewhere[page] ?? `${page}.md`)
