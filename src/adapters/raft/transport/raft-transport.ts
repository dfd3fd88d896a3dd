import type { MemberId, Message } from '../../../model/raft/types.ts'
import type { RaftTransport, RaftTransportEvents } from '../../../ports/raft-transport.ts'
import { Acceptor } from './acceptor.ts'
import { splitAddress } from './address.ts'
import { ask } from './asking.ts'
import type { Connection } from './connection.ts'
import { Dialer } from './dialer.ts'
import { Lookups } from './lookups.ts'
import { encodeMessage } from './message-bytes.ts'
import { secretLengthMin, type TransportOptions } from './options.ts'

/** Listens and connects; rejects when the address cannot be listened on or the secret is too short. */
export async function openRaftTransport(given: TransportOptions, events: RaftTransportEvents): Promise<RaftTransport> {
  let options = given
  if (options.secret !== null && options.secret.length < secretLengthMin)
    throw new RangeError(`the secret of the group has ${options.secret.length} characters; at least ${secretLengthMin} are needed`)
  const dialers = new Map<MemberId, Dialer>()
  const lookups = new Lookups()
  const asking = new Set<Connection>()
  const acceptor = await Acceptor.listen(() => options, member => dialers.get(member as MemberId)?.address, events) // a name that is only looked up
  const endDialers = (): void => {
    for (const dialer of dialers.values()) dialer.stop()
    dialers.clear()
  }
  return {
    become: ({ member, group }) => {
      endDialers()
      acceptor.keepOnly(new Set())
      options = { ...given, member, group }
    },
    ask: (from, address, question, milliseconds) => ask({ from, address, question, milliseconds }, options, lookups, asking),
    setPeers: peers => {
      for (const address of peers.values()) splitAddress(address)
      for (const [member, dialer] of dialers) {
        if (peers.get(member) === dialer.address) continue
        dialers.delete(member)
        dialer.stop()
      }
      for (const [member, address] of peers) {
        if (member === options.member || dialers.has(member)) continue
        dialers.set(member, new Dialer(options, member, address, lookups, state => events.link(member, state)))
      }
      acceptor.keepOnly(new Set(dialers.keys()))
    },
    send: (message: Message) => {
      dialers.get(message.to)?.send(encodeMessage(message))
    },
    close: async () => {
      endDialers()
      for (const connection of asking) connection.end(new Error('this member ends'))
      await acceptor.close()
    },
  }
}
