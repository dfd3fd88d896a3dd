import { apiPage } from './api-page.ts'
import { clientManual } from './client-manual.ts'
import { commandsPage } from './commands-page.ts'
import { metricsPage } from './metrics-page.ts'
import { originalPage } from './original-page.ts'
import { programManual } from './program-manual.ts'
import { settingsManual } from './settings-manual.ts'
import { settingsPage } from './settings-page.ts'

/** Every generated document. To add one: a function that makes its text, and a row. */
export const documents: readonly { readonly path: string; readonly make: () => Promise<string> | string }[] = [
  { path: 'docs/generated/settings.md', make: settingsPage },
  { path: 'docs/generated/api.md', make: apiPage },
  { path: 'docs/generated/metrics.md', make: metricsPage },
  { path: 'docs/generated/commands.md', make: commandsPage },
  { path: 'docs/generated/original.md', make: originalPage },
  { path: 'man/orchestrator.1', make: programManual },
  { path: 'man/orchestrator-client.1', make: clientManual },
  { path: 'man/orchestrator.conf.json.5', make: settingsManual },
]
