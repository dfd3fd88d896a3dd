import { defaultValues } from '../../../src/kit/setting.ts'
import { bareInstance } from '../../../src/model/topology/fresh-instance.ts'
import { instanceKey } from '../../../src/model/topology/instance-key.ts'
import type { Log } from '../../../src/ports/log.ts'
import { MysqlServers } from '../../../src/adapters/mysql/mysql-servers.ts'
import { mysqlSettings, type MysqlSettings } from '../../../src/adapters/mysql/settings.ts'
import { systemClock } from '../../../src/adapters/system/clock.ts'
import { Relay } from './relay.ts'

const deadlineMilliseconds = 20_000
/** More polls than after which everything is learnt again. */
const polls = 14

export interface Account {
  readonly user: string
  readonly password: string
}

const silent: Log = { debug: () => {}, info: () => {}, warning: () => {}, error: () => {} }

export function adapter(account: Account, more: Partial<MysqlSettings> = {}): MysqlServers {
  return new MysqlServers({
    settings: { ...defaultValues(mysqlSettings), ...account, hostnameFrom: 'none', ...more }, clock: systemClock, log: silent,
  })
}

export interface Asked {
  readonly statements: ReadonlySet<string>
  readonly greeting: Buffer
}

/** Every statement that the adapter's probe sends to a server, alone, and the one that asks whether writes wait there, whatever the account may do and however replicas are found. */
export async function probeStatements(server: { readonly host: string; readonly port: number }, accounts: readonly Account[]): Promise<Asked> {
  await using relay = await Relay.start(server)
  const key = instanceKey('127.0.0.1', relay.port)
  for (const account of accounts) {
    for (const discoverByShowReplicas of [true, false]) {
      const servers = adapter(account, { discoverByShowReplicas })
      for (let poll = 0; poll < polls; poll++) {
        for (const depth of ['full', 'replication'] as const) {
          const answer = await servers.probe(key, { depth, deadlineMilliseconds })
          if (!answer.ok) throw new Error(`The probe of ${server.host}:${server.port} failed: ${answer.failure.failure.text}`)
        }
      }
      const waits = await servers.writeWaits(bareInstance(key), deadlineMilliseconds)
      if (!waits.ok) throw new Error(`Whether writes wait on ${server.host}:${server.port} is not told: ${waits.failure.text}`)
      await servers.close()
    }
  }
  if (relay.greeting === null) throw new Error('The server sent no greeting')
  return { statements: new Set(relay.queries.flatMap(text => text.split(';\n'))), greeting: relay.greeting }
}
