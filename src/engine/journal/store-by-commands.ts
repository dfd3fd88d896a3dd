import type { Clock } from '../../ports/clock.ts'
import type { Reason } from '../../kit/reason.ts'
import type { Store } from '../../ports/store.ts'
import type { Journal } from './journal.ts'
import { plainRecovery } from './recovery-json.ts'
import { frugalWrites } from './frugal-writes.ts'

/** The group, as far as writing needs it. */
export interface WritingGroup {
  isLeader(): boolean
  /** Null: this manager surely leads, and what was decided before is carried out here. */
  confirm(): Promise<Reason | null>
}

export interface StoreByCommandsParts {
  /** Read as it is; written by commands alone, but for what is this process's own. */
  readonly store: Store
  readonly journal: () => Journal
  readonly clock: Pick<Clock, 'monotonic'>
  /** Null: nobody else is written to, and a command is carried out at once. */
  readonly group: WritingGroup | null
  /** In a group what servers suggest of themselves is said again after so long. */
  suggestAgainMilliseconds(): number
}

/** A store whose shared memory is changed by commands, for all who know nothing of commands and groups. */
export function storeByCommands(parts: StoreByCommandsParts): Store {
  const { store, journal, group } = parts
  const propose: Journal['propose'] = command => journal().propose(command)
  const byCommands = {
    downtimes: {
      ...store.downtimes,
      begin: (key, downtime) => propose({ do: 'begin-downtime', key, downtime }),
      end: async key => {
        const was = (await store.downtimes.active()).has(key)
        await propose({ do: 'end-downtime', key, kind: 'end-downtime' })
        return was
      },
      expire: at => propose({ do: 'expire-downtimes', at }),
    },
    maintenances: {
      ...store.maintenances,
      begin: (key, maintenance) => propose({ do: 'begin-maintenance', key, maintenance }),
      end: key => propose({ do: 'end-maintenance', key }),
      endById: id => propose({ do: 'end-maintenance-by-id', id }),
      expire: at => propose({ do: 'expire-maintenances', at }),
    },
    locks: {
      ...store.locks,
      take: (keys, request) => propose({ do: 'take-locks', keys, request }),
      release: ids => propose({ do: 'release-locks', ids }),
      dropDead: (token = '') => propose({ do: 'drop-dead-locks', token }),
    },
    leases: {
      ...store.leases,
      take: (clusterName, holder) => propose({ do: 'take-lease', clusterName, holder }),
      release: (clusterName, holder, number) => propose({ do: 'release-lease', clusterName, holder, number }),
    },
    candidates: {
      ...store.candidates,
      register: (key, rule, at) => propose({ do: 'suggest-candidate', key, rule, at }),
      expire: before => propose({ do: 'expire-candidates', before }),
    },
    accessTokens: {
      ...store.accessTokens,
      issue: token => propose({ do: 'issue-token', token }),
      take: taken => propose({ do: 'take-token', taken }),
      expire: before => propose({ do: 'expire-tokens', before }),
    },
    agents: {
      ...store.agents,
      submit: (agent, at) => propose({ do: 'submit-agent', agent, at }),
      noteLook: (host, at, seen) => propose({ do: 'note-agent', host, at, seen }),
      expire: submittedBefore => propose({ do: 'expire-agents', submittedBefore }),
    },
    hostAttributes: { ...store.hostAttributes, put: attribute => propose({ do: 'put-host-attribute', attribute }) },
    seeds: {
      ...store.seeds,
      begin: seed => propose({ do: 'begin-seed', seed }),
      step: step => propose({ do: 'append-seed-step', step }),
      failStep: (id, error) => propose({ do: 'fail-seed-step', id, error }),
      end: (id, at, isSuccessful) => propose({ do: 'end-seed', id, at, isSuccessful }),
    },
    tags: {
      ...store.tags,
      put: (tag, at) => propose({ do: 'put-tag', tag, at }),
      remove: (keys, name) => propose({ do: 'remove-tag', keys, name }),
    },
    pools: {
      ...store.pools,
      submit: (pool, keys, at) => propose({ do: 'submit-pool', pool, keys, at }),
      expire: before => propose({ do: 'expire-pools', before }),
    },
    hostNames: {
      ...store.hostNames,
      unresolve: async ({ host, name, at }) => void (await propose({ do: 'set-virtual-name', host, name, at })),
      endUnresolve: host => propose({ do: 'set-virtual-name', host, name: '', at: 0 }),
      expireUnresolved: before => propose({ do: 'expire-virtual-names', before }),
    },
    aliases: {
      ...store.aliases,
      set: (clusterName, alias) => propose({ do: 'set-alias', clusterName, alias }),
      register: (clusterName, alias) => propose({ do: 'suggest-alias', clusterName, alias }),
      rename: (from, to) => propose({ do: 'rename-cluster', from, to }),
    },
    domains: { ...store.domains, set: (clusterName, domain) => propose({ do: 'suggest-domain', clusterName, domain }) },
    recoverySwitch: { ...store.recoverySwitch, set: disabled => propose({ do: 'switch-recoveries', disabled }) },
    attributes: { ...store.attributes, set: (name, value, at) => propose({ do: 'set-attribute', name, value, at }) },
    keyValues: { ...store.keyValues, put: (pairs, at) => propose({ do: 'put-key-values', pairs, at }) },
    pseudoGtid: { ...store.pseudoGtid, noteInjected: (clusterName, at) => propose({ do: 'note-injected', clusterName, at }) },
    detections: {
      ...store.detections,
      register: detection => propose({ do: 'register-detection', detection }),
      endActive: (where, at) => propose({ do: 'end-detections', where, at }),
    },
    recoveries: {
      ...store.recoveries,
      register: async recovery => {
        const id = await propose({ do: 'register-recovery', recovery: plainRecovery(recovery) })
        return id === null ? null : { ...recovery, id }
      },
      update: recovery => propose({ do: 'update-recovery', id: recovery.id, recovery: plainRecovery(recovery) }),
      acknowledge: (where, by) => propose({ do: 'acknowledge-recoveries', where, by }),
      endActivePeriod: (startedBefore, at) => propose({ do: 'end-active-periods', startedBefore, at }),
      appendStep: step => propose({ do: 'append-recovery-step', step }),
      block: blocked => propose({ do: 'block-recovery', blocked }),
      unblock: where => propose({ do: 'unblock-recoveries', where }),
    },
    intents: {
      ...store.intents,
      begin: intent => propose({ do: 'begin-intent', intent }),
      step: (id, number, state, bound) => propose({ do: 'step-intent', id, number, state, bound: bound ?? null }),
      end: (id, state) => propose({ do: 'end-intent', id, state }),
      takeOver: (intent, process) => propose({ do: 'take-over-intent', intent, process }),
    },
    purge: limits => propose({ do: 'purge', limits }),
  } satisfies Partial<Store>
  return { ...store, ...byCommands, ...(group === null ? {} : frugalWrites({ ...store, ...byCommands }, { ...parts, group })) }
}
