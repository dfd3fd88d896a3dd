import type { Page } from 'playwright-core'
import { agentHosts, type FullWorld } from './full-world.ts'

/** A place of the page that can be looked at: an address, and what is done there to open a panel or a dialog. */
export interface Place {
  readonly name: string
  readonly address: string
  readonly open?: (page: Page) => Promise<void>
  /** Only where the tree is drawn; a telephone shows the list. */
  readonly isWide?: true
}

const patience = { timeout: 15_000 }

/** From the menu of a server, by the place of the entry's icon in no language: its key on the keyboard where it has one, else its test name. */
const pressed = (card: string, key: string) => async (page: Page): Promise<void> => {
  await page.getByRole('treeitem', { name: new RegExp(`^${card}`) }).press(key, patience)
  await page.getByRole(key === 'Shift+F10' ? 'menu' : 'dialog').first().waitFor(patience)
}
const key = (name: string) => async (page: Page): Promise<void> => {
  await page.keyboard.press(name)
  await page.getByRole('dialog').first().waitFor(patience)
}

/** Every page, tab and main dialog, in no particular language. */
export function places({ sandbox, recovery, detection, seed }: FullWorld): readonly Place[] {
  const at = (name: string): string => encodeURIComponent(sandbox.server(name).key)
  const slashed = sandbox.server('db141').key.replace(':', '/')
  const shop = '/web/cluster/alias/shop'
  return [
    { name: 'clusters', address: '/web/clusters' },
    { name: 'wall', address: '/web/clusters?wall=1' },
    { name: 'clusters-cards', address: '/web/clusters?layout=cards' },
    { name: 'problems', address: '/web/clusters-analysis' },
    { name: 'problems-history', address: '/web/audit-failure-detection' },
    { name: 'detection', address: `/web/audit-failure-detection/id/${detection}` },
    { name: 'cluster', address: shop },
    { name: 'cluster-list', address: `${shop}?view=list` },
    { name: 'cluster-servers', address: `${shop}?tab=servers` },
    { name: 'cluster-problems', address: `${shop}?tab=problems` },
    { name: 'cluster-recoveries', address: `${shop}?tab=recoveries` },
    { name: 'cluster-activity', address: `${shop}?tab=activity` },
    { name: 'cluster-pools', address: `${shop}?tab=pools` },
    { name: 'cluster-settings', address: `${shop}?tab=settings` },
    { name: 'cluster-text', address: `${shop}?view=text` },
    { name: 'cluster-panel', address: `${shop}?node=${at('db143')}` },
    { name: 'cluster-panel-downtimed', address: `${shop}?node=${at('db141')}` },
    { name: 'cluster-not-found', address: '/web/cluster/nosuch:3306' },
    { name: 'server', address: `/web/server/${slashed}` },
    { name: 'servers', address: '/web/search' },
    { name: 'servers-filtered-to-nothing', address: '/web/search?s=nosuch' },
    { name: 'recoveries', address: '/web/audit-recovery' },
    { name: 'recovery', address: `/web/audit-recovery/uid/${recovery}` },
    { name: 'recovery-story', address: `/web/recovery-story/${recovery}` },
    { name: 'activity', address: '/web/audit' },
    { name: 'activity-of-server', address: `/web/audit/instance/${slashed}` },
    { name: 'pools', address: '/web/pools' },
    { name: 'pools-of-cluster', address: '/web/cluster-pools/shop' },
    { name: 'agents', address: '/web/agents' },
    { name: 'agent', address: `/web/agent/${agentHosts[0]}` },
    { name: 'seeds', address: '/web/seeds' },
    { name: 'seed', address: `/web/seed-details/${seed}` },
    { name: 'discover', address: '/web/discover' },
    { name: 'doctor', address: '/web/doctor' },
    { name: 'doctor-cluster', address: '/web/doctor?cluster=shop' },
    { name: 'status', address: '/web/status' },
    { name: 'settings', address: '/web/settings' },
    { name: 'about', address: '/web/about' },
    { name: 'no-such-page', address: '/web/no/such/page' },
    { name: 'dialog-palette', address: '/web/clusters', open: key('Control+k') },
    { name: 'dialog-keys', address: '/web/clusters', open: key('?') },
    { name: 'menu-of-a-server', address: shop, open: pressed('db141', 'Shift+F10'), isWide: true },
    { name: 'dialog-move', address: shop, open: pressed('db143', 'm'), isWide: true },
    { name: 'dialog-downtime', address: shop, open: pressed('db141', 'd'), isWide: true },
    { name: 'dialog-takeover', address: `${shop}?do=takeover`, open: page => page.getByRole('dialog').first().waitFor(patience) },
  ]
}

/** Opens a place and waits until it holds still. */
export async function showPlace(page: Page, address: string, place: Place): Promise<void> {
  await page.goto(address + place.address)
  await page.getByRole('main').getByRole('heading').first().waitFor(patience)
  // A skeleton has gone once something of the page is there.
  await page.locator('.skeleton').first().waitFor({ state: 'detached', timeout: 5000 }).catch(() => undefined)
  await place.open?.(page)
  await page.waitForTimeout(700)
}
