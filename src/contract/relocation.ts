import type { Instance } from '../model/topology/instance.ts'
import type { InstanceKey } from '../model/topology/instance-key.ts'
import { operation, required } from './operation.ts'

export interface Relocated {
  readonly replica: Instance
  readonly source: InstanceKey
}

export const relocate = operation<Relocated>()({
  name: 'relocate',
  says: 'Make a replica follow another server of its cluster.',
  on: 'instance', access: 'write', dangerLevel: 2, plans: true,
  input: { instance: required.instance('The replica that moves.'), destination: required.instance('Its new source.') },
  former: {
    routes: ['relocate/:host/:port/:belowHost/:belowPort', 'relocate-below/:host/:port/:belowHost/:belowPort'],
    commands: ['relocate', 'relocate-below'], section: 'Smart relocation', answers: 'envelope', audit: 'relocate-below',
  },
})
