import type { Command, PlannedRun } from './commands.ts'
import { endedParts, runPlan, undoRun } from './interruption.ts'
import type { InstanceKey } from '../../../src/model/topology/instance-key.ts'
import type { Topology } from '../../../src/model/topology/topology.ts'

/** Stops the plan of the command before after each of its steps, with writes going on, and looks what holds then. */
export const interruptCommand: Command = {
  says: 'Runs the plan above on simulated servers and stops it after each step: invariants, undo and the end are judged.',
  pattern: /^interrupt after each step$/,
  run: ({ topology, planned }) => {
    if (planned === null) return { lines: ['there is no plan'] }
    const broken = [false, true].flatMap(withTraffic => brokenWhenInterrupted(topology, planned, withTraffic))
    const lines = planned.plan.steps.map(({ number, ifStoppedHere }) => `${number}  ${ifStoppedHere.text}`)
    const verdict = broken.length === 0 ? `never two writable, no ring, nothing lost; undone it is as before; ends with ${planned.wish}` : `BROKEN ${broken.join('; ')}`
    return { lines: [...lines, verdict], broken }
  },
}

export function brokenWhenInterrupted(topology: Topology, { plan, wished, mayRing = new Set(), notPutBack = new Set(), mustPutBack }: PlannedRun, withTraffic: boolean): readonly string[] {
  const broken: string[] = []
  for (let steps = 1; steps <= plan.steps.length; steps += 1) {
    const run = runPlan(topology, plan, { steps, withTraffic, mayRing })
    const where = `after step ${steps}${withTraffic ? ' under writes' : ''}: `
    broken.push(...run.broken.map(text => where + text))
    if (run.stopped !== null) broken.push(`${where}stopped by itself: ${run.stopped}`)
    if (run.broken.length > 0 || run.stopped !== null) continue
    if (steps === plan.steps.length) broken.push(...wished(run.world.topology).map(text => where + text))
    else if (mustPutBack === true || plan.steps.some(step => step.undo.length > 0)) {
      const undone = undoRun(topology, run, plan.steps, mayRing)
      broken.push(...undone.broken.map(text => `${where}undone: ${text}`), ...(undone.stopped === null ? [] : [`${where}${undone.stopped}`]))
      broken.push(...changedLinks(topology, undone.world.topology, new Set([...endedParts(plan.steps, run.done), ...notPutBack])).map(text => `${where}undone: ${text}`))
    }
  }
  return broken
}

/** But for parts that came to their end: replicas that do not follow whom they followed, or do not run as they ran; one that tried in vain to connect may be trying again. */
function changedLinks(before: Topology, after: Topology, moved: ReadonlySet<InstanceKey>): readonly string[] {
  const state = (topology: Topology): Map<InstanceKey, string> => new Map<InstanceKey, string>([...topology.instances.values()].map(
    ({ key, replication: link, readOnly }) => [key, link === null ? `no replica ${readOnly}` : `${link.source} ${link.receiver !== 'stopped'} ${link.applier} ${readOnly}`]))
  const now = state(after)
  return [...state(before)].flatMap(([key, was]) => (now.get(key) === was || moved.has(key) ? [] : [`${key} was "${was}" and is "${now.get(key)}"`]))
}
