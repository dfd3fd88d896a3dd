import { setTimeout as sleep } from 'node:timers/promises'
import type { Fault } from './faults.ts'
import type { World } from '../harness/cluster/world.ts'

const orderSecondsMax = 60
const newPrimarySecondsMax = 40
const clientsMillisMax = 20_000
/** How long a former primary that is back is left to the manager before the operator acts. */
const patienceMillis = 6000

export interface Cycle {
  readonly fault: string
  readonly at: string
  readonly primary: string
  readonly successor: string
  /** From the fault to the first commit that another server acknowledged; null when there was none. */
  readonly writableMillis: number | null
  readonly gapMillis: number
  readonly dualCommitMillis: number
  readonly acknowledged: number
  readonly lost: number
  /** From the end of the fault until all was in order. */
  readonly orderMillis: number
  /** What an operator had to do. */
  readonly byHand: readonly string[]
  /** What went otherwise than it must. */
  readonly wrong: readonly string[]
}

const now = (): number => performance.timeOrigin + performance.now()

/** One fault from a cluster in order to a cluster in order, and what clients were told meanwhile. */
export async function runCycle(world: World, name: string, fault: Fault, random: () => number): Promise<Cycle> {
  const wrong: string[] = []
  const byHand: string[] = []
  const primary = await world.primary()
  if (primary === null) throw new Error('there is no primary to begin with')
  const acknowledgedBefore = world.ledger.count
  const since = now()
  let mend: () => Promise<void> = () => Promise.resolve()
  try {
    mend = await fault.strike({ world, primary, random })
  } catch (error) {
    wrong.push(String(error instanceof Error ? error.message : error))
  }
  await sleep(fault.holdMillis)
  if (fault.expects === 'another primary') {
    await world.until('another primary', async () => (await world.watch.states()).entries().some(([other, state]) => other !== primary && state !== null && !state.readOnly), newPrimarySecondsMax * 1000)
      .catch(() => wrong.push(`no other primary within ${newPrimarySecondsMax} s`))
  }
  await mend()
  const mended = now()
  let left: readonly string[] = await world.disorder()
  while (left.length > 0 && now() - mended < orderSecondsMax * 1000) {
    await sleep(50)
    left = await world.disorder()
    if (left.length > 0 && now() - mended > patienceMillis) byHand.push(...await operate(world))
  }
  const orderMillis = now() - mended
  // Clients that were cut off find their way back before the next fault.
  await world.until('clients write', () => Promise.resolve(world.ledger.isGrowingSince(mended)), clientsMillisMax).catch(() => wrong.push(`clients do not write within ${clientsMillisMax} ms`))
  if (left.length > 0) wrong.push(...left.map(what => `${orderSecondsMax} s after its end: ${what}`))
  const successor = (await world.primary()) ?? primary
  if (fault.expects === 'same primary' && successor !== primary) wrong.push(`${primary} was replaced by ${successor} without need`)
  await world.manager.get(`/api/ack-all-recoveries?comment=${encodeURIComponent(name)}`).catch((error: unknown) => wrong.push(`the manager does not answer: ${String(error)}`))
  return {
    fault: name, at: new Date(since).toISOString(), primary, successor,
    writableMillis: successor === primary ? null : (world.ledger.firstElsewhere(since, primary)?.at ?? Number.NaN) - since,
    gapMillis: world.ledger.longestGap(since).milliseconds, dualCommitMillis: successor === primary ? 0 : world.ledger.togetherMillis(since),
    acknowledged: world.ledger.count - acknowledgedBefore, lost: await world.lostOn(world.server(successor)), orderMillis, byHand, wrong,
  }
}

/** Former primaries that stand aside are brought back, as an operator would, and so is what an operator had put below one just before it fell. */
async function operate(world: World): Promise<readonly string[]> {
  const states = await world.watch.states()
  const writable = [...states].flatMap(([name, state]) => (state !== null && !state.readOnly ? [name] : []))
  const [primary] = writable
  if (primary === undefined || writable.length > 1) return []
  const aside = new Set([...states].flatMap(([name, state]) => (state?.source === null && name !== primary ? [world.server(name).key] : [])))
  const done: string[] = []
  for (const [name, state] of states) {
    const what = state === null ? null : await world.bringBack(name, state, primary, aside)
    if (what !== null) done.push(what)
  }
  return done
}
