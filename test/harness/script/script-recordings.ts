import assert from 'node:assert/strict'
import { betterThanScript } from '../../../src/cli/client/prints.ts'
import { golden } from '../recorded/recorded-topology.ts'
import type { Asked } from './ask-as-script.ts'

interface Recording {
  readonly args: readonly string[]
  readonly exit: number
  readonly stderr?: string
}

// The index has this shape.
export const scriptRecordings = JSON.parse(golden('client/index.json')) as Readonly<Record<string, Recording>>

/** Commands that need no server, in this order: later ones show what earlier ones did, and the last leave things as they were. */
export const withoutServers = [
  'all-clusters-masters', 'all-instances', 'api', 'check-global-recoveries', 'clusters', 'clusters-alias', 'dominant-dc', 'downtimed', 'begin-downtime', 'downtimed-one', 'end-downtime',
  'begin-maintenance', 'end-maintenance', 'can-replicate-from', 'forget-unknown', 'instance', 'instance-unknown', 'is-replicating', 'is-replication-stopped', 'raft-health', 'raft-leader',
  'register-candidate', 'register-hostname-unresolve', 'deregister-hostname-unresolve', 'replication-analysis', 'search', 'snapshot-topologies', 'submit-pool-instances',
  'which-heuristic-cluster-pool-instances', 'submit-masters-to-kv-stores', 'tags-none', 'tag', 'tags', 'tag-value', 'tagged', 'untag', 'untag-all', 'topology', 'topology-i', 'topology-tabulated',
  'topology-tags', 'which-broken-replicas', 'which-cluster', 'which-cluster-alias', 'which-cluster-instances', 'which-cluster-master', 'which-cluster-osc-replicas',
  'which-cluster-osc-running-replicas', 'which-gtid-errant', 'which-master', 'which-master-of-master', 'which-replicas', 'which-slaves', 'async-discover', 'ack-all-recoveries', 'ack-cluster-recoveries',
  'api-error',
] as const

/** Of the client itself; nothing is asked. */
export const ofClient = ['missing-instance', 'no-command', 'unsupported', 'which-api'] as const

/** What varies from run to run, and blanks, which the script's shell changes. */
const plain = (text: string): string => text.trim().replaceAll(/\d{4}-\d\d-\d\d \d\d:\d\d:\d\d [A-Z]+ /g, '').replace(/Took [\d.]+ms/, 'Took some ms').replace(/\[(PID|42)\]/, '[process]')
  .replace(/^http:\/\/127\.0\.0\.1:\d+/, 'http://HERE')
const spaceless = (text: string): string => plain(text).replaceAll(/\s/g, '')

/** Recordings that our client does not print, and why. */
export const different: Readonly<Record<string, string>> = {
  'async-discover': betterThanScript['async-discover'] ?? '',
  'raft-leader': 'the script asks for the state first, and fails by that; we ask who leads, and say so',
}

/** Where an answer differs from its recording. */
export function compare(name: string, got: Asked | undefined): readonly string[] {
  const recording = scriptRecordings[name]
  assert.ok(recording !== undefined && got !== undefined, name)
  const same = name.startsWith('api') ? spaceless : plain
  const [stdout, stderr] = [golden(`client/${name}.stdout`), recording.stderr === undefined ? '' : golden(`client/${recording.stderr}`)]
  return [
    ...(same(got.stdout) === same(stdout) ? [] : [`${name}: ${JSON.stringify(got.stdout)} for ${JSON.stringify(stdout)}`]),
    ...(got.status === recording.exit ? [] : [`${name}: status ${got.status} for ${recording.exit}`]), ...(plain(got.stderr) === plain(stderr) ? [] : [`${name}: says ${got.stderr} for ${stderr}`]),
  ]
}
