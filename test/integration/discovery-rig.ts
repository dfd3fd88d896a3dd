import type { TestContext } from 'node:test'
import { MysqlServers } from '../../src/adapters/mysql/mysql-servers.ts'
import { type MysqlSettings, mysqlSettings } from '../../src/adapters/mysql/settings.ts'
import { openStore } from '../../src/adapters/store/open-store.ts'
import { storeSettings } from '../../src/adapters/store/settings.ts'
import { systemClock } from '../../src/adapters/system/clock.ts'
import { LogWriter } from '../../src/adapters/system/log-writer.ts'
import { systemNames } from '../../src/adapters/system/names.ts'
import { Discovery } from '../../src/engine/discovery/discovery.ts'
import { type DiscoverySettings, discoverySettings } from '../../src/engine/discovery/settings.ts'
import { Inventory } from '../../src/engine/inventory/inventory.ts'
import { inventorySettings } from '../../src/engine/inventory/settings.ts'
import { defaultValues } from '../../src/kit/setting.ts'
import type { Instance } from '../../src/model/topology/instance.ts'
import type { ServerFacts } from '../../src/ports/servers.ts'
import type { Result } from '../../src/kit/result.ts'
import { accounts } from '../harness/sandbox/accounts.ts'

/** Log lines of a test, shown when `SHOW_LOG` is set. */
const log = new LogWriter({ least: 'debug', clock: systemClock, write: line => { if (process.env.SHOW_LOG) process.stderr.write(line) } })

/** The sandbox's servers share one host name, so that their own name cannot be their identity. */
export const labMysqlSettings = (changes: Partial<MysqlSettings> = {}): MysqlSettings =>
  ({ ...defaultValues(mysqlSettings), ...accounts.orchestrator, hostnameFrom: 'none', discoverByShowReplicas: true, ...changes })

export function startServers(context: { after(act: () => void | Promise<void>): void }, changes: Partial<MysqlSettings> = {}): MysqlServers {
  const servers = new MysqlServers({ settings: labMysqlSettings(changes), clock: systemClock, log })
  context.after(() => servers.close())
  return servers
}

export interface Rig {
  readonly servers: MysqlServers
  readonly inventory: Inventory
  readonly discovery: Discovery
}

export interface RigWish {
  readonly mysql?: Partial<MysqlSettings>
  readonly discovery?: Partial<DiscoverySettings>
  readonly storeFile?: string
}

/** Servers, inventory over a real SQLite store, and discovery, started. All end with the test. */
export async function startRig(context: Pick<TestContext, 'after'>, wish: RigWish = {}): Promise<Rig> {
  const { mysql = {}, discovery: changes = {}, storeFile = ':memory:' } = wish
  const settings: DiscoverySettings = { ...defaultValues(discoverySettings), pollIntervalSeconds: 1, ...changes }
  const opened = await openStore({ settings: { ...defaultValues(storeSettings), backend: 'sqlite', sqliteFile: storeFile }, version: 'test', clock: systemClock })
  if (!opened.ok) throw new Error(opened.failure.text)
  const store = opened.value
  const servers = new MysqlServers({ settings: labMysqlSettings({ pollIntervalSeconds: settings.pollIntervalSeconds, ...mysql }), clock: systemClock, log })
  const inventory = new Inventory({ clock: systemClock, log, store, settings: { ...defaultValues(inventorySettings), pollIntervalSeconds: settings.pollIntervalSeconds } })
  await inventory.load()
  const discovery = new Discovery({
    servers, inventory, names: systemNames, clock: systemClock, log, settings, forgetUnseen: keys => inventory.forget(keys), audit: () => {},
  })
  discovery.start()
  context.after(async () => {
    await discovery.stop()
    await servers.close()
    await inventory.close()
    await store.close()
  })
  return { servers, inventory, discovery }
}

/** Waits until a condition holds; the error names what was waited for. */
export async function until(what: string, holds: () => boolean, milliseconds = 10_000): Promise<void> {
  const deadline = performance.now() + milliseconds
  while (!holds()) {
    if (performance.now() > deadline) throw new Error(`not within ${milliseconds} ms: ${what}`)
    await systemClock.sleep(5)
  }
}

export function facts(read: Result<ServerFacts, unknown>): ServerFacts {
  if (!read.ok) throw new Error(`the server could not be read: ${JSON.stringify(read.failure)}`)
  return read.value
}

/** What a reading is as a record, for steps that only need dialect and channels. */
export function asInstance(read: ServerFacts, inventoryRecord: Instance): Instance {
  const { detectedClusterAlias: _alias, detectedClusterDomain: _domain, detectedPromotionRule: _rule, probeWay: _way, ...known } = read
  return { ...inventoryRecord, ...known }
}
