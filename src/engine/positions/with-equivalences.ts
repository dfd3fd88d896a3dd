import type { Step } from '../../model/planning/step.ts'
import type { BinlogCoordinates } from '../../model/topology/binlog-coordinates.ts'
import type { Instance } from '../../model/topology/instance.ts'
import type { SamePlaces } from '../../ports/equivalence-store.ts'
import type { Servers } from '../../ports/servers.ts'

/** Servers whose changes of sources to a named place are noted: where the replica stood is the same as where it goes on. */
export function withEquivalences(servers: Servers, note: (pair: SamePlaces) => void): Servers {
  return {
    probe: (key, options) => servers.probe(key, options),
    perform: async (step, on, options) => {
      const done = await servers.perform(step, on, options)
      const pair = done.ok ? pairOf(step, on, options.bindings) : null
      if (pair !== null) note(pair)
      return done
    },
    statements: (step, on) => servers.statements(step, on),
    onConnectionLost: listener => servers.onConnectionLost(listener),
    release: key => servers.release(key),
    close: () => servers.close(),
  }
}

/** `on` was read after its threads had stopped, or the server would have refused the change: where it stood is where it stands. */
function pairOf(step: Step, on: Instance, bindings: ReadonlyMap<string, string>): SamePlaces | null {
  const { replication: link } = on
  if (step.do !== 'change-source' || link === null || link.executedCoordinates === null || link.applier !== 'stopped' || link.source === step.to) return null
  const here = { server: link.source, at: link.executedCoordinates }
  if (step.way === 'executed-position') return [here, { server: step.to, at: link.executedCoordinates }]
  if (step.way !== 'coordinates' || step.at === undefined) return null
  const there = coordinatesFrom('place' in step.at ? step.at.place : (bindings.get(step.at.boundTo) ?? ''))
  return there === null ? null : [here, { server: step.to, at: there }]
}

/** `file:position`; null for a text that is none. */
export function coordinatesFrom(text: string): BinlogCoordinates | null {
  const colon = text.lastIndexOf(':')
  return colon > 0 && /^\d+$/.test(text.slice(colon + 1)) ? { file: text.slice(0, colon), position: BigInt(text.slice(colon + 1)) } : null
}
