import { electionTime, World } from './world.ts'

export interface WorldResult {
  readonly seed: number
  readonly broken: string | null
  readonly counts: World['counts']
}

type Fault = (world: World) => void

/** What may go wrong, by how often. To add one, add an entry. */
const faults: readonly { readonly weight: number; readonly fault: Fault }[] = [
  { weight: 6, fault: world => crashSomeone(world) },
  { weight: 2, fault: world => { for (const slot of world.slots) if (world.chance(0.7)) world.crash(slot) } },
  { weight: 6, fault: world => { const slot = world.pick(world.slots); if (slot !== undefined) world.restart(slot) } },
  { weight: 4, fault: world => isolate(world) },
  { weight: 4, fault: world => split(world) },
  { weight: 6, fault: world => { const [from, to] = [world.pick(world.slots), world.pick(world.slots)]; if (from && to && from !== to) world.cuts.add(`${from.name}>${to.name}`) } },
  { weight: 6, fault: world => world.cuts.clear() },
  { weight: 4, fault: world => { world.network = { lost: world.random() * 0.4, repeated: world.random() * 0.3, delayMax: world.chance(0.3) ? 150 : 30 } } },
  { weight: 4, fault: world => { world.network = { lost: 0, repeated: 0, delayMax: 8 } } },
  { weight: 3, fault: world => { world.diskDelayMax = world.chance(0.5) ? 4 : 120 } },
  { weight: 2, fault: world => { const slot = world.pick(world.slots); if (slot) world.hungDisks.add(slot.name) } },
  { weight: 3, fault: world => { world.hungDisks.clear(); for (const { member } of world.slots) if (member.isAlive) member.flush() } },
  { weight: 4, fault: world => pause(world) },
  { weight: 3, fault: world => { const slot = world.pick(world.slots); if (slot) world.wipe(slot) } },
  { weight: 8, fault: world => changeMembers(world) },
  { weight: 4, fault: world => { const [leader] = world.leaders; const to = world.pick(world.slots); if (leader && to) leader.take({ kind: 'transfer', to: to.member.id }) } },
  { weight: 2, fault: world => world.pick(world.alive)?.take({ kind: 'campaign' }) },
  { weight: 8, fault: world => world.pick(world.alive)?.takeSnapshot(world.below(6)) },
  { weight: 2, fault: world => { for (const { member, name } of world.slots) if (member.isAlive && !member.isPaused && name !== 'a') member.takeSnapshot(0) } },
]

const totalWeight = faults.reduce((sum, { weight }) => sum + weight, 0)

function crashSomeone(world: World): void {
  const slot = world.chance(0.5) ? world.slots.find(({ member }) => member === world.leaders[0]) : world.pick(world.slots)
  if (slot === undefined) return
  world.crash(slot)
  world.after(world.random() * 400, () => world.restart(slot))
}

function isolate(world: World): void {
  const slot = world.chance(0.5) ? world.slots.find(({ member }) => member === world.leaders[0]) : world.pick(world.slots)
  if (slot === undefined) return
  for (const { name } of world.slots) if (name !== slot.name) for (const cut of [`${name}>${slot.name}`, `${slot.name}>${name}`]) world.cuts.add(cut)
}

function split(world: World): void {
  const left = new Set(world.slots.filter(() => world.chance(0.5)).map(({ name }) => name))
  for (const from of world.slots) for (const to of world.slots) if (left.has(from.name) !== left.has(to.name)) world.cuts.add(`${from.name}>${to.name}`)
}

function pause(world: World): void {
  const member = world.chance(0.5) ? world.leaders[0] : world.pick(world.alive)
  if (member === undefined) return
  member.isPaused = true
  world.after(world.random() * 300, () => { if (member.isAlive && member.isPaused) member.resume() })
}

function changeMembers(world: World): void {
  const [leader] = world.leaders
  if (leader === undefined) return
  const wanted = world.slots.filter(() => world.chance(0.75)).map(({ member }) => member.id)
  world.changeMembers(leader, wanted)
}

/** One world: some time with faults and load, then everything heals and must go on. */
export function runWorld(seed: number, trace: ((line: string) => void) | null = null): WorldResult {
  const world = new World(seed, trace)
  try {
    world.agenda.runUntil(3 * electionTime)
    const end = world.agenda.now + (6 + world.below(16)) * electionTime
    const load = 5 + world.below(40)
    while (world.agenda.now < end) {
      world.agenda.runUntil(world.agenda.now + world.random() * load)
      act(world)
      if (world.chance(load / 150)) fault(world)
    }
    world.heal()
    world.checkProgress()
    return { seed, broken: null, counts: world.counts }
  } catch (failure) {
    return { seed, broken: failure instanceof Error ? trace === null ? failure.message : `${failure.stack}` : String(failure), counts: world.counts }
  }
}

function act(world: World): void {
  const member = world.chance(0.7) ? world.pick(world.leaders) : world.pick(world.alive)
  if (member === undefined) return
  if (world.chance(0.6)) world.propose(member)
  else world.read(member)
}

function fault(world: World): void {
  let weight = world.random() * totalWeight
  for (const entry of faults) {
    weight -= entry.weight
    if (weight < 0) return entry.fault(world)
  }
}
