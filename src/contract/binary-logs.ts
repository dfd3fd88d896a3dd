import type { Instance } from '../model/topology/instance.ts'
import { operation, optional, required } from './operation.ts'

export const flushBinaryLogs = operation<Instance>()({
  name: 'flush-binary-logs',
  says: 'Begin a new binary log.',
  on: 'instance', access: 'write', dangerLevel: 2, plans: true,
  input: { instance: required.instance('The server.'), logFile: optional.text('Flush until this file is written.') },
  former: {
    routes: ['flush-binary-logs/:host/:port'],
    commands: ['flush-binary-logs'], section: 'Binary logs', answers: 'envelope',
  },
})

export const purgeBinaryLogs = operation<Instance>()({
  name: 'purge-binary-logs',
  says: 'Remove the binary logs before a file.',
  on: 'instance', access: 'write', dangerLevel: 3, plans: true,
  input: { instance: required.instance('The server.'), logFile: required.text('The first file that stays, or latest.'), force: optional.boolean('Do not ask whether replicas still need the files.') },
  former: {
    routes: ['purge-binary-logs/:host/:port/:logFile'],
    commands: ['purge-binary-logs'], section: 'Binary logs', answers: 'envelope',
  },
})
