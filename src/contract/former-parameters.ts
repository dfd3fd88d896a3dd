import type { AnyOperation } from './operation.ts'

/** Where the segments of a former route go: one input, of which `host` and `port` are two segments. */
export interface Parameter {
  readonly input: string
  readonly part: 'whole' | 'host' | 'port'
}

/** Names of parameters that are not the name of the input they stand for, and the inputs they may stand for (the first one declared). */
const inputsOf: Readonly<Record<string, readonly string[]>> = {
  host: ['instance', 'cluster', 'host'], port: ['instance', 'cluster'],
  belowHost: ['destination'], belowPort: ['destination'],
  siblingHost: ['destination'], siblingPort: ['destination'],
  designatedHost: ['designated'], designatedPort: ['designated'],
  candidateHost: ['candidate'], candidatePort: ['candidate'],
  clusterHint: ['cluster'], clusterName: ['cluster', 'name', 'pattern'], clusterAlias: ['alias'],
  recoveryId: ['id'], searchString: ['text'], errorStatusCode: ['status'],
}

/** What a parameter of a route of `declared` means. Throws for one that no input answers to: a mistake in the contract. */
export function parameter(declared: AnyOperation, name: string): Parameter {
  const input = (inputsOf[name] ?? [name]).find(candidate => declared.input[candidate] !== undefined)
  if (input === undefined) throw new Error(`${declared.name}: no input answers to the route parameter :${name}`)
  // One text is one segment, whatever it is called.
  if (declared.input[input]?.kind === 'text') return { input, part: 'whole' }
  return { input, part: /host$/i.test(name) ? 'host' : /port$/i.test(name) ? 'port' : 'whole' }
}
