import type { World } from '../../test/harness/cluster/world.ts'
import { writtenTable } from '../../test/harness/cluster/written-table.ts'
import type { ManagerView } from './manager-view.ts'
import type { Places } from './variants.ts'

const orderMillisMax = 60_000
const idsPerStatement = 1000
const catchUpSeconds = 2
const waitingForAcknowledgement = "SELECT COUNT(*) AS waiting FROM performance_schema.processlist WHERE state LIKE 'Waiting for semi-sync ACK%'"

/**
 * Brings a cluster back to `primary` ← `leaf`, `middle`; `middle` ← `sub` by plain statements, and waits until the manager knows it.
 * Nothing of it is measured.
 */
export class Order {
  readonly #world: World
  readonly #view: ManagerView

  constructor(world: World, view: ManagerView) {
    this.#world = world
    this.#view = view
  }

  async restore(): Promise<Places> {
    const { primary, states } = await this.#settled()
    for (const [name, state] of states) {
      if (name !== primary && state.source === null) await this.#return(name, primary)
    }
    const places = await this.#arrange(primary)
    for (const [name, source] of [[places.middle, primary], [places.leaf, primary], [places.sub, places.middle]] as const) {
      await this.#catchUp(name, source, primary)
    }
    // Each round is judged by its own rows.
    await this.#world.server(primary).sql(`TRUNCATE ${writtenTable}`)
    await this.#world.until(`order: ${(await this.#world.disorder()).join(', ')}`, async () => (await this.#world.disorder()).length === 0, orderMillisMax)
    await this.#untilKnown(places)
    return places
  }

  async #settled(): Promise<{ primary: string; states: ReadonlyMap<string, { readonly source: string | null }> }> {
    let found: { primary: string; states: ReadonlyMap<string, { readonly source: string | null }> } | null = null
    await this.#world.until('one server takes writes and all answer', async () => {
      const states = await this.#world.watch.states()
      const known = [...states].flatMap(([name, state]) => (state === null ? [] : [[name, state] as const]))
      const writable = known.filter(([, { readOnly }]) => !readOnly)
      const [primary] = writable
      found = writable.length === 1 && primary !== undefined && known.length === states.size ? { primary: primary[0], states: new Map(known) } : null
      return found !== null
    }, orderMillisMax)
    if (found === null) throw new Error('unreachable: until has thrown')
    return found
  }

  /** Takes away what only this server has, and lets it follow. */
  async #return(name: string, primary: string): Promise<void> {
    const [server, source] = [this.#world.server(name), this.#world.server(primary)]
    const { waiting } = await server.row<{ waiting: number }>(waitingForAcknowledgement)
    if (Number(waiting) > 0) {
      await server.kill()
      await server.start()
    }
    const { executed } = await server.row<{ executed: string }>('SELECT @@gtid_executed AS executed')
    const { errant } = await source.row<{ errant: string }>('SELECT GTID_SUBTRACT(?, @@gtid_executed) AS errant', [executed])
    if (errant !== '') await this.#forget(name, primary, errant)
    await this.#world.follow(name, primary)
    await server.sql('SET GLOBAL super_read_only = ON')
  }

  async #forget(name: string, primary: string, errant: string): Promise<void> {
    const server = this.#world.server(name)
    const ids = async (of: string): Promise<readonly number[]> => {
      const rows = await this.#world.server(of).sql<{ id: number }>(`SELECT id FROM ${writtenTable}`)
      return rows.map(({ id }) => Number(id))
    }
    const kept = new Set(await ids(primary))
    const extra = (await ids(name)).filter(id => !kept.has(id))
    const session = await server.connect()
    try {
      await session.query('SET GLOBAL super_read_only = OFF')
      await session.query('SET sql_log_bin = 0')
      for (let from = 0; from < extra.length; from += idsPerStatement) {
        await session.query(`DELETE FROM ${writtenTable} WHERE id IN (${extra.slice(from, from + idsPerStatement).join(',')})`)
      }
      const [[row]] = await session.query<import('mysql2').RowDataPacket[]>('SELECT GTID_SUBTRACT(@@gtid_executed, ?) AS rest', [errant])
      await session.query('RESET BINARY LOGS AND GTIDS')
      await session.query('SET GLOBAL gtid_purged = ?', [row?.['rest']])
    } finally {
      await session.end()
    }
  }

  async #arrange(primary: string): Promise<Places> {
    const states = await this.#world.watch.states()
    const keyOf = (name: string): string => this.#world.server(name).key
    const replicas = [...states.keys()].filter(name => name !== primary)
    const below = (source: string): readonly string[] => replicas.filter(name => states.get(name)?.source === keyOf(source))
    const middle = below(primary).find(name => below(name).length > 0) ?? below(primary)[0] ?? replicas[0] ?? primary
    const sub = below(middle)[0] ?? replicas.find(name => name !== middle) ?? primary
    const leaf = replicas.find(name => name !== middle && name !== sub) ?? primary
    for (const [name, source] of [[middle, primary], [leaf, primary], [sub, middle]] as const) {
      const state = states.get(name)
      if (state?.source !== keyOf(source) || !state.receiverRuns || !state.applierRuns) await this.#world.follow(name, source)
    }
    return { primary, leaf, middle, sub }
  }

  /** A receiver that waits on a connection which a cut has broken would wait on for long: it begins anew. */
  async #catchUp(name: string, source: string, primary: string): Promise<void> {
    const { executed } = await this.#world.server(primary).row<{ executed: string }>('SELECT @@gtid_executed AS executed')
    const wait = `SELECT WAIT_FOR_EXECUTED_GTID_SET(?, ${catchUpSeconds}) AS missed`
    const hasAll = async (): Promise<boolean> => Number((await this.#world.server(name).row<{ missed: number }>(wait, [executed])).missed) === 0
    if (await hasAll()) return
    await this.#world.follow(name, source)
    await this.#world.until(`${name} has what ${primary} has`, hasAll, orderMillisMax)
  }

  async #untilKnown(places: Places): Promise<void> {
    const sourceOf = new Map([[places.leaf, places.primary], [places.middle, places.primary], [places.sub, places.middle]])
    let missing = ''
    await this.#world.until('the manager knows that all is in order', async () => {
      await this.#world.manager.get('/api/ack-all-recoveries?comment=round')
      const members = await this.#view.members()
      missing = ''
      for (const name of this.#world.sandbox.servers.map(server => server.name)) {
        const view = members.find(({ key }) => key === this.#world.server(name).key)
        if (view?.downtime) await this.#world.manager.get(`/api/end-downtime/${this.#world.path(name)}`)
        const source = sourceOf.get(name)
        const isRight = view !== undefined && view.downtime === null && view.source === (source === undefined ? null : this.#world.server(source).key)
          && (source === undefined
            ? !view.readOnly && (!this.#world.semiSync || view.semiSync?.clients === 2)
            : view.replication?.receiver === 'running' && view.replication.applier === 'running' && view.superReadOnly)
        if (isRight) continue
        missing = name
        await this.#view.look(name)
      }
      return missing === '' && (await this.#view.findings()).length === 0
    }, orderMillisMax).catch(async (error: unknown) => {
      const findings = (await this.#view.findings()).map(({ server, code }) => `${server} ${code}`)
      throw new Error(`${String(error)}: ${missing} ${findings.join(', ')}`)
    })
  }
}
