import type { ServerStatus, ServerView, StatusCode } from '../../../src/contract/views.ts'

const severities: Partial<Record<StatusCode, ServerStatus['severity']>> = {
  replicating: 'ok',
  writable: 'ok',
  'read-only-primary': 'ok',
  lag: 'warning',
  'not-checked': 'stale',
}

/** A server for tests: well, unless told otherwise. `below` null makes it a primary. */
export function server(
  name: string,
  below: string | null,
  code: StatusCode = below === null ? 'writable' : 'replicating',
  more: Partial<ServerView> = {},
): ServerView {
  const key = name.includes(':') ? name : `${name}:3306`
  const colon = key.lastIndexOf(':')
  const isRunning = code !== 'stopped' && code !== 'applier-error' && code !== 'receiver-error'
  return {
    key,
    host: key.slice(0, colon),
    port: Number(key.slice(colon + 1)),
    alias: '',
    clusterName: 'db140:3306',
    role: below === null ? 'primary' : 'replica',
    source: below === null ? null : below.includes(':') ? below : `${below}:3306`,
    depth: 0,
    statuses: [{ code, severity: severities[code] ?? 'critical', reason: { code, parameters: {}, text: code }, since: null }],
    version: '9.7.1',
    flavour: 'MySQL',
    binlogFormat: 'ROW',
    binlogRowImage: 'FULL',
    logBin: true,
    logReplicaUpdates: true,
    readOnly: below !== null,
    superReadOnly: below !== null,
    gtid: 'mysql',
    gtidMode: 'ON',
    executedGtidSet: '',
    retrievedGtidSet: '',
    purgedGtidSet: '',
    errantGtidSet: '',
    serverId: 1,
    serverUuid: '',
    uptimeSeconds: 0,
    dataCenter: '',
    region: '',
    promotionRule: 'neutral',
    replication:
      below === null
        ? null
        : {
            receiver: isRunning ? 'running' : 'stopped',
            applier: isRunning ? 'running' : 'stopped',
            receiverError: null,
            applierError: null,
            lagSeconds: 0,
            delaySeconds: 0,
            read: null,
            executed: null,
            tls: false,
            user: '',
            hasFilters: false,
            channels: 1,
            isDetached: false,
          },
    semiSync: null,
    binlog: null,
    downtime: null,
    maintenance: null,
    replicas: [],
    lastSeenAt: null,
    lastCheckedAt: null,
    pollMilliseconds: 1,
    ...more,
  }
}

/** db140 with db141 and db142 below it, and db143 below db141. */
export const shop: readonly ServerView[] = [server('db140', null), server('db141', 'db140'), server('db142', 'db140'), server('db143', 'db141')]
