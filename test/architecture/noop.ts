/**
 * Every file of the engine and the app that can change something outside of the program, and what keeps it from doing so under -noop. `calls`: how it is done
 * there. A file that calls one of these without standing here fails a test, and so does an entry that no longer calls it.
 */
export interface WorldChange {
  readonly file: string
  readonly calls: string
  readonly keptBackBy: string
}

export const worldChanges: readonly WorldChange[] = [
  { file: 'src/engine/execution/step-runner.ts', calls: '.perform(', keptBackBy: 'engine/execution/execution.ts refuses the plan: keptByNoop' },
  { file: 'src/engine/execution/virtual-names.ts', calls: '.perform(', keptBackBy: 'hands on what the step runner asks' },
  { file: 'src/engine/positions/with-equivalences.ts', calls: '.perform(', keptBackBy: 'hands on what the step runner asks' },
  { file: 'src/engine/pseudo-gtid/with-pseudo-gtid.ts', calls: '.perform(', keptBackBy: 'hands on what the step runner asks' },
  { file: 'src/engine/pseudo-gtid/injector.ts', calls: '.inject(', keptBackBy: 'its own changesNothing' },
  { file: 'src/engine/recovery/hooks.ts', calls: 'rocesses.run(', keptBackBy: 'engine/recovery/recoverer.ts: only hooks of a takeover or a forced failover run (contract hooks.md section 1)' },
  { file: 'src/engine/recovery/took-source-hooks.ts', calls: 'rocesses.run(', keptBackBy: 'they run when somebody was promoted, and no plan promotes' },
  { file: 'src/engine/publication/place.ts', calls: 'target.publish(', keptBackBy: 'engine/publication/publisher.ts tells no place' },
  { file: 'src/engine/agents/agents.ts', calls: 'client.command(', keptBackBy: 'its own changesNothing' },
]

/** Stops and starts of receivers that nobody asked for: plans that -noop would let through. */
export const unasked: readonly WorldChange[] = [
  { file: 'src/engine/recovery/receiver-restarts.ts', calls: 'execution.run(', keptBackBy: 'its own changesNothing' },
]
