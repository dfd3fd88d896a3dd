import { setTimeout as sleep } from 'node:timers/promises'
import type { World } from '../../test/harness/cluster/world.ts'
import { writtenTable } from '../../test/harness/cluster/written-table.ts'
import { Following } from './following.ts'
import { firstLocalId } from '../../test/harness/cluster/local-clients.ts'
import type { ManagerView } from './manager-view.ts'
import type { Places, Variant } from './variants.ts'

const outcomeMillisMax = 20_000
const afterwardsMillisMax = 20_000
/** How long a cluster that must not be failed over is watched after the finding. */
const watchedMillis = 1000
const findingMillisMax = 10_000
const afterFencedMillis = 500
const lookMillis = 8
const idsPerQuestion = 2000

/** One failure or takeover. Milliseconds after the harm was done, or after the fault ended for `fenced`; null: there was none. */
export interface Round {
  readonly noticed: number | null
  readonly writable: number | null
  readonly following: number | null
  readonly gap: number | null
  /** From the end of the fault until the former primary was super_read_only. */
  readonly fenced: number | null
  readonly acknowledged: number
  /** Acknowledged before the change of primary, and missing on the new one. */
  readonly lost: number
  /** Acknowledged by the former primary after it. */
  readonly diverged: number
  readonly dualCommit: number
  readonly wrong: readonly string[]
}

/** A round that could not be carried through. */
export const failedRound = (why: string): Round =>
  ({ noticed: null, writable: null, following: null, gap: null, fenced: null, acknowledged: 0, lost: 0, diverged: 0, dualCommit: 0, wrong: [why] })

const now = (): number => performance.timeOrigin + performance.now()

export async function runRound(world: World, view: ManagerView, variant: Variant, places: Places): Promise<Round> {
  const { ledger } = world
  const following = new Following(world.sandbox)
  const wrong: string[] = []
  const planned = variant.isPlanned === true
  const expects = variant.expects(world.semiSync)
  const within = async (what: string, holds: () => boolean | Promise<boolean>, milliseconds = outcomeMillisMax): Promise<number | null> => {
    const at = await firstMoment(holds, milliseconds)
    if (at === null) wrong.push(`not within ${milliseconds} ms: ${what}`)
    return at === null ? null : at - struck
  }
  const struck = now()
  const struckWholly = Promise.resolve(variant.strike(world, places)).catch((error: unknown) => wrong.push(String(error)))
  try {
    const survivors = world.sandbox.servers.map(({ name }) => name).filter(name => planned || name !== places[variant.victim])
    let noticed: number | null = null
    let writable: number | null = null
    let allFollowing: number | null = null
    let primary = places.primary
    if (expects === 'another primary') {
      writable = await within('another server takes writes', () => ledger.firstElsewhere(struck, places.primary) !== null)
      const first = ledger.firstElsewhere(struck, places.primary)
      if (first !== null) [primary, writable] = [first.server, first.at - struck]
    }
    const isMissed = expects === 'another primary' && writable === null
    if (expects !== 'a finding' && !isMissed) allFollowing = await within('all follow', () => following.allFollow(survivors, primary))
    await struckWholly
    const gapUntil = now()
    if (expects === 'another primary' && !isMissed) {
      await within('clients write again', () => ledger.rows.some(({ id, at, server }) => id < firstLocalId && server === primary && at > gapUntil))
    }
    if (expects === 'a finding') {
      noticed = await within('a finding', async () => (await view.findings()).length > 0, findingMillisMax)
      await sleep(watchedMillis)
      if (ledger.firstElsewhere(struck, places.primary) !== null) wrong.push('the primary was replaced')
    } else if (!isMissed) {
      await within('the recovery ends', async () => ((await view.recoverySince(struck))?.endedAt ?? null) !== null, afterwardsMillisMax)
      const recovery = await view.recoverySince(struck)
      noticed = recovery === null ? null : recovery.startedAt - struck
    }
    const gap = isMissed ? null : world.ledger.longestGap(struck, ({ id }) => id < firstLocalId).milliseconds
    const mended = now()
    await variant.mend(world, places)
    let fenced: number | null = null
    if (variant.returnsWritable && primary !== places.primary) {
      const former = world.server(places.primary)
      const at = await firstMoment(async () => (await world.watch.state(former))?.superReadOnly === true, afterwardsMillisMax)
      if (at === null) wrong.push('the former primary was not made super_read_only')
      else fenced = at - mended
      // What it still acknowledges, it acknowledges now.
      await sleep(afterFencedMillis)
    }
    // A change that came too late is one all the same.
    primary = ledger.firstElsewhere(struck, places.primary)?.server ?? primary
    const dualCommit = primary === places.primary ? 0 : ledger.togetherMillis(struck)
    const counted = await count(world, places.primary, primary, struck)
    return { noticed, writable, following: allFollowing, gap, fenced, ...counted, dualCommit, wrong }
  } finally {
    following.close()
  }
}

async function firstMoment(holds: () => boolean | Promise<boolean>, milliseconds: number): Promise<number | null> {
  for (const deadline = now() + milliseconds; now() < deadline; await sleep(lookMillis)) if (await holds()) return now()
  return null
}

async function count(world: World, former: string, primary: string, since: number): Promise<{ acknowledged: number; lost: number; diverged: number }> {
  const rows = [...world.ledger.rows]
  const changed = primary === former ? Number.POSITIVE_INFINITY : world.ledger.firstElsewhere(since, former)?.at ?? Number.POSITIVE_INFINITY
  const counted = { acknowledged: rows.length, lost: 0, diverged: 0 }
  for (let from = 0; from < rows.length; from += idsPerQuestion) {
    const part = rows.slice(from, from + idsPerQuestion)
    const found = await world.server(primary).sql<{ id: number }>(`SELECT id FROM ${writtenTable} WHERE id IN (${part.map(({ id }) => id).join(',')})`)
    const present = new Set(found.map(({ id }) => Number(id)))
    for (const { id, at, server } of part) {
      if (present.has(id)) continue
      if (server === former && at > changed) counted.diverged += 1
      else counted.lost += 1
    }
  }
  return counted
}
