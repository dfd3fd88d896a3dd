import type { Recovery } from '../../model/recovery/records.ts'
import type { RecoveryFilter, Store } from '../../ports/store.ts'
import type { AtOnce, Proposer } from './journal.ts'
import type { WaitingWrites } from './waiting-writes.ts'

export type StoreUse = 'alone' | 'shared' | 'member'

/**
 * A store that may be away for a while: rows that tell what has happened wait for it. What people ask for is not among them; they are told that it was not stored.
 *
 * `alone`: a file of this machine, to which nobody else writes while this process cannot. Then a recovery begins without its record, too, which is written
 * behind. `shared`: the right to act comes from it, and nothing begins while it is away. `member`: recoveries are told through the group.
 */
export function outlastingStore(store: Store, writes: WaitingWrites, use: StoreUse): Store {
  const own: Store = {
    ...store,
    audit: { ...store.audit, append: entry => writes.note('an entry of the audit', () => store.audit.append(entry)) },
    hostNames: { ...store.hostNames, resolve: name => writes.note('a host name', () => store.hostNames.resolve(name)) },
    analysisChanges: { ...store.analysisChanges, note: change => writes.note('a change of the analysis', () => store.analysisChanges.note(change)) },
  }
  if (use === 'member') return own
  const outlasting: Store = { ...own, recoveries: { ...store.recoveries, appendStep: step => writes.note('a step of a recovery', () => store.recoveries.appendStep(step)) } }
  return use === 'alone' ? { ...outlasting, ...alone(outlasting, store, writes) } : outlasting
}

/** The number of a taking that is not written down. */
const unwritten = 0

function alone(outlasting: Store, store: Store, writes: WaitingWrites): Pick<Store, 'recoveries' | 'detections' | 'leases' | 'attributes'> {
  const { detections, leases, attributes } = store
  let provisional = 0
  return {
    attributes: { ...attributes, set: (name, value, at) => writes.note('an attribute', () => attributes.set(name, value, at)) },
    detections: {
      ...detections,
      register: detection => writes.attempt('a detection', () => detections.register(detection), { ...detection, id: --provisional, endedActiveAt: null }),
      endActive: (where, at) => writes.note('the end of a detection', () => detections.endActive(where, at)),
    },
    recoveries: { ...outlasting.recoveries, ...recoveriesAlone(store.recoveries, writes, () => --provisional) },
    leases: {
      ...leases,
      take: async (clusterName, holder) => {
        try {
          return await leases.take(clusterName, holder)
        } catch {
          return { number: unwritten } // the file cannot be written, by anybody; which of several processes may act was asked before
        }
      },
      isHeld: async (clusterName, holder, number) => number === unwritten || leases.isHeld(clusterName, holder, number),
      release: async (clusterName, holder, number) => (number === unwritten ? undefined : leases.release(clusterName, holder, number)),
    },
  }
}

/** Records that wait are read as if they were written; until then their number is below zero. */
function recoveriesAlone(recoveries: Store['recoveries'], writes: WaitingWrites, number: () => number): Pick<Store['recoveries'], 'register' | 'update' | 'open' | 'list'> {
  /** As they are to be, by uid. */
  const waiting = new Map<string, Recovery>()
  /** Numbers that they got when they were written at last. */
  const numbers = new Map<string, number>()
  const written = (recovery: Recovery): void => void (waiting.get(recovery.uid) === recovery && waiting.delete(recovery.uid))
  return {
    register: async recovery => {
      const meanwhile = { ...recovery, id: number() }
      const registered = await writes.attempt('a recovery', async () => {
        const row = await recoveries.register(recovery)
        if (row !== null && waiting.has(row.uid)) numbers.set(row.uid, row.id)
        written(meanwhile)
        return row
      }, meanwhile)
      if (registered === meanwhile) waiting.set(recovery.uid, meanwhile)
      return registered
    },
    update: async recovery => {
      let isWritten = false
      await writes.note('the state of a recovery', async () => {
        await recoveries.update({ ...recovery, id: numbers.get(recovery.uid) ?? recovery.id })
        isWritten = true
        written(recovery)
      })
      if (!isWritten) waiting.set(recovery.uid, recovery)
    },
    open: async () => merged(await recoveries.open(), [...waiting.values()]).filter(({ isActive, endedAt }) => isActive || endedAt === null),
    list: async filter => {
      const rows = await recoveries.list(filter)
      return filter.page > 0 || waiting.size === 0 ? rows : merged(rows, [...waiting.values()].filter(recovery => isAskedFor(recovery, filter)))
    },
  }
}

/** Newest first. */
function merged(rows: readonly Recovery[], waiting: readonly Recovery[]): readonly Recovery[] {
  const newer = new Map(waiting.map(recovery => [recovery.uid, recovery]))
  const known = new Set(rows.map(({ uid }) => uid))
  return [...waiting.filter(({ uid }) => !known.has(uid)).toReversed(), ...rows.map(row => ({ ...(newer.get(row.uid) ?? row), id: row.id }))]
}

const isAskedFor = (recovery: Recovery, { id, uid, clusterName, clusterAlias, unacknowledgedOnly, activeOnly, endedSince, successor }: RecoveryFilter): boolean =>
  (id === undefined || recovery.id === id) && (uid === undefined || recovery.uid === uid) && (clusterName === undefined || recovery.clusterName === clusterName)
  && (clusterAlias === undefined || recovery.clusterAlias === clusterAlias) && (unacknowledgedOnly !== true || recovery.acknowledged === null)
  && (activeOnly !== true || recovery.isActive) && (endedSince === undefined || (recovery.endedAt ?? 0) >= endedSince) && (successor === undefined || recovery.successor === successor)

/** What a recovery decides of servers beside its record waits as well; nobody waits for an answer of it. */
export const outlastingProposer = (proposer: AtOnce, writes: WaitingWrites): Proposer => ({
  propose: command => writes.attempt<unknown>(`the decision ${command.do}`, () => proposer.propose(command), undefined),
})
