/**
 * A fault proxy in a process of its own, for a host of a network: `proxy-process.ts HOST PORT TARGET-HOST TARGET-PORT`.
 * Takes orders as lines of JSON on standard input, answers each with a line, and ends with its input. Connections are refused while the target refuses them.
 */
import { createInterface } from 'node:readline'
import { FaultProxy } from './fault-proxy.ts'
import type { Order } from './remote-proxy.ts'

const [, , host = '', port = '', targetHost = '', targetPort = ''] = process.argv
const proxy = await FaultProxy.listen({ host, port: Number(port), target: { host: targetHost, port: Number(targetPort) }, mirrorsRefusal: true })

function obey(order: Order): void {
  if (order.act === 'set') proxy.set(order.direction, order.change, order.whom)
  else if (order.act === 'reset') proxy.reset(order.whom)
  else proxy.heal()
}

process.stdout.write('listening\n')
const lines = createInterface({ input: process.stdin })
lines.on('line', line => {
  try {
    obey(JSON.parse(line) as Order) // written by remote-proxy.ts
    process.stdout.write('done\n')
  } catch (error) {
    process.stdout.write(`${error instanceof Error ? error.message : String(error)}\n`)
  }
})
lines.on('close', () => process.exit(0))
