import { sql } from 'kysely'
import type { ElectionStanding, ElectionStore } from '../../../ports/election.ts'
import type { LeaseHolder } from '../../../ports/leases.ts'
import type { Database } from '../dialects/engine.ts'
import { never, timeFrom } from '../time.ts'
import type { Context } from './context.ts'
import { databaseMilliseconds } from './database-clock.ts'

/** The original's lease, in whole seconds: its processes may stand for election in the same database. */
const formerLeaseSeconds = 5
/** The original's processes look once a second whether they still have the office. */
const formerNoticesMilliseconds = 1500
/** Renewals to the millisecond let a dead process of ours be replaced sooner. A database file is no shared one: its processes live and die on one machine. */
const leaseMilliseconds = { mysql: 2500, sqlite: 5000 } as const
const anchor = 1

export function election({ database, engine }: Context): ElectionStore {
  const lease = leaseMilliseconds[engine.kind]
  const now = databaseMilliseconds(engine.kind)

  const together = <Value>(act: (on: Database) => Promise<Value>): Promise<Value> => database.transaction().execute(act)

  /** Both rows at one moment. The row of `active_node` decides; the other one counts as long as it names the same process. */
  async function rows(on: Database) {
    const [active, own, { at }] = [
      await on.selectFrom('active_node').selectAll().where('anchor', '=', anchor).executeTakeFirst(),
      await on.selectFrom('active_node_lease').selectAll().where('anchor', '=', anchor).executeTakeFirst(),
      await on.selectNoFrom(now.as('at')).executeTakeFirstOrThrow(),
    ]
    const isOurs = active !== undefined && own !== undefined && active.token !== '' && own.hostname === active.hostname && own.token === active.token
    return {
      at: Number(at), active: active === undefined || (active.hostname === '' && active.token === '') ? null : active, isOurs,
      term: Number(own?.fencing_number ?? 0), renewedAt: Number(own?.renewed_at ?? 0), formerToken: own?.former_token ?? '', formerUntil: Number(own?.former_until ?? 0),
    }
  }

  async function standing(on: Database, { hostname, token }: LeaseHolder): Promise<ElectionStanding> {
    const { at, active, isOurs, term, renewedAt, formerToken, formerUntil } = await rows(on)
    const isMine = isOurs && active?.hostname === hostname && active.token === token
    const isWaiting = isMine && at < formerUntil && formerToken !== token
    const lastSeenAt = timeFrom(active?.last_seen_active)
    return {
      isActive: isMine && !isWaiting, isWaiting, term,
      active: active === null ? null : {
        hostname: active.hostname, token: active.token, firstSeenAt: timeFrom(active.first_seen_active), lastSeenAt,
        silentMilliseconds: Math.max(0, at - (isOurs ? renewedAt : (lastSeenAt ?? 0))),
      },
    }
  }

  /** Held until the end of the transaction, and before the other row, so that no two processes wait for each other. */
  const lock = async (on: Database): Promise<void> => {
    const { numUpdatedRows } = await on.updateTable('active_node').set({ anchor }).where('anchor', '=', anchor).executeTakeFirst()
    if (numUpdatedRows === 0n) await engine.insertOnce(on, 'active_node', { anchor, hostname: '', token: '', last_seen_active: never, first_seen_active: never })
  }

  /**
   * One statement where the database is shared: nothing of a process that stands still in the middle of it is locked. (A file's processes live on one machine,
   * and its statements know one table each.)
   */
  async function renewed({ hostname, token }: LeaseHolder): Promise<boolean> {
    if (engine.kind === 'mysql') {
      const { numAffectedRows = 0n } = await sql`update active_node as active join active_node_lease as lease on lease.anchor = active.anchor
        set active.last_seen_active = ${engine.now(0)}, lease.renewed_at = ${now}
        where active.anchor = ${anchor} and active.hostname = ${hostname} and active.token = ${token} and lease.hostname = ${hostname} and lease.token = ${token}`.execute(database)
      return numAffectedRows > 0n
    }
    return together(async on => {
      const { numUpdatedRows } = await on.updateTable('active_node').set({ last_seen_active: engine.now(0) })
        .where('anchor', '=', anchor).where('hostname', '=', hostname).where('token', '=', token).executeTakeFirst()
      if (numUpdatedRows === 0n) return false
      const lease = await on.updateTable('active_node_lease').set({ renewed_at: now })
        .where('anchor', '=', anchor).where('hostname', '=', hostname).where('token', '=', token).executeTakeFirst()
      return lease.numUpdatedRows > 0n
    })
  }

  /** The statement that decides: one of several processes changes the row, the others find it changed. */
  async function taken(on: Database, { hostname, token }: LeaseHolder): Promise<boolean> {
    await lock(on)
    const { numUpdatedRows } = await on.updateTable('active_node').set({ hostname, token, last_seen_active: engine.now(0), first_seen_active: engine.now(0) })
      .where('anchor', '=', anchor)
      .where(where => where.or([
        where.and([where('hostname', '=', ''), where('token', '=', '')]),
        // Somebody wrote our name into the table by hand.
        where.and([where('hostname', '=', hostname), where('token', '=', token)]),
        where('last_seen_active', '<', engine.now(-formerLeaseSeconds)),
        where.exists(where.selectFrom('active_node_lease as lease').select('lease.anchor').where('lease.anchor', '=', anchor)
          .whereRef('lease.hostname', '=', 'active_node.hostname').whereRef('lease.token', '=', 'active_node.token')
          .where('lease.renewed_at', '<', sql<number>`${now} - ${lease}`)),
      ]))
      .executeTakeFirst()
    return numUpdatedRows > 0n
  }

  /** Called with the first row held. */
  async function enter(on: Database, { hostname, token }: LeaseHolder, former: { readonly former_token: string; readonly former_until: number } | null): Promise<void> {
    const row = { anchor, hostname: '', token: '', fencing_number: 0, renewed_at: 0, former_token: '', former_until: 0 }
    await engine.insertOnce(on, 'active_node_lease', row)
    await on.updateTable('active_node_lease').set({ hostname, token, fencing_number: sql`fencing_number + 1`, renewed_at: now, ...former }).where('anchor', '=', anchor).execute()
  }

  /** Whoever has the office now may believe so for as long as this, unless he says earlier that he knows. */
  function belief({ at, active, isOurs, renewedAt, formerUntil }: Awaited<ReturnType<typeof rows>>) {
    if (active === null) return null
    const until = isOurs ? renewedAt + lease : at + formerNoticesMilliseconds
    // Somebody before him may not have noticed yet either: then nobody's word is enough.
    return { former_token: isOurs && formerUntil <= at ? active.token : '', former_until: Math.max(until, formerUntil) }
  }

  return {
    isShared: engine.kind === 'mysql', leaseMilliseconds: lease,
    read: self => standing(database, self),
    stand: async self => {
      if (await renewed(self)) return standing(database, self)
      return together(async on => {
        if (await taken(on, self)) await enter(on, self, null)
        return standing(on, self)
      })
    },
    grab: self => together(async on => {
      await lock(on)
      const before = await rows(on)
      if (before.active?.hostname === self.hostname && before.active.token === self.token && before.isOurs) return standing(on, self)
      await on.updateTable('active_node').set({ hostname: self.hostname, token: self.token, last_seen_active: engine.now(0), first_seen_active: engine.now(0) }).where('anchor', '=', anchor).execute()
      await enter(on, self, belief(before))
      return standing(on, self)
    }),
    vacate: () => together(async on => {
      await lock(on)
      const before = await rows(on)
      await on.updateTable('active_node').set({ hostname: '', token: '' }).where('anchor', '=', anchor).execute()
      await on.updateTable('active_node_lease').set({ hostname: '', token: '', ...belief(before) }).where('anchor', '=', anchor).execute()
    }),
    give: (self, to) => together(async on => {
      await lock(on)
      const before = await rows(on)
      if (!before.isOurs || before.active?.hostname !== self.hostname || before.active.token !== self.token) return false
      await on.updateTable('active_node').set({ ...to, first_seen_active: engine.now(0) }).where('anchor', '=', anchor).execute()
      await enter(on, to, belief(before))
      return true
    }),
    acknowledge: async self => {
      await database.updateTable('active_node_lease').set({ former_token: '', former_until: 0 }).where('anchor', '=', anchor).where('former_token', '=', self.token).where('token', '<>', self.token).execute()
    },
  }
}
