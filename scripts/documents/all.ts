import { apiPage } from './api-page.ts'
import { metricsPage } from './metrics-page.ts'
import { settingsPage } from './settings-page.ts'

/** Every generated document. To add one: a function that makes its text, and a row. */
export const documents: readonly { readonly path: string; readonly make: () => Promise<string> | string }[] = [
  { path: 'docs/generated/settings.md', make: settingsPage },
  { path: 'docs/generated/api.md', make: apiPage },
  { path: 'docs/generated/metrics.md', make: metricsPage },
]
