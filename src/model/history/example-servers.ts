import { instanceKey, type InstanceKey } from '../topology/instance-key.ts'
import type { PastServer, PastStatus } from './past-server.ts'

/** Servers for tests of the history. */
export const key = (name: string): InstanceKey => instanceKey(name, 3306)

export const status = (code: string, number: number | null = null, text = ''): PastStatus => ({ code, severity: code === 'replicating' || code === 'writable' ? 'ok' : code === 'lag' ? 'warning' : 'critical', number, text })

export const primary = (name: string, facts: Partial<PastServer> = {}): PastServer => ({
  key: key(name), alias: '', clusterName: key(name), clusterAlias: key(name), role: 'primary', source: null, depth: 0, statuses: [status('writable')], version: '9.7.1', flavour: 'mysql',
  readOnly: false, superReadOnly: false, logBin: true, logReplicaUpdates: true, binlogFormat: 'ROW', gtid: 'mysql', receiver: null, applier: null, delaySeconds: 0,
  hasFilters: false, isDetached: false, channels: 0, semiSync: null, dataCenter: '', promotionRule: 'neutral', downtime: null, maintenance: null, group: null, ...facts,
})

export const replica = (name: string, of: string, facts: Partial<PastServer> = {}): PastServer => primary(name, {
  clusterName: key(of), clusterAlias: key(of), role: 'replica', source: key(of), depth: 1, statuses: [status('replicating')], readOnly: true, receiver: 'running', applier: 'running', channels: 1, ...facts,
})
