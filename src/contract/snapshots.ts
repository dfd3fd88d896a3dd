import { operation } from './operation.ts'

export const snapshotTopologies = operation<{ readonly servers: number; readonly milliseconds: number }>()({
  name: 'snapshot-topologies',
  says: 'Remember who replicates from whom at this moment.',
  on: 'fleet', access: 'write', dangerLevel: 1, plans: false,
  input: {},
  former: { routes: ['snapshot-topologies'], commands: ['snapshot-topologies'], section: 'Meta', answers: 'envelope', wasOpen: true },
})
