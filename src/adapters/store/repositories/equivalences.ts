import type { Place } from '../../../model/planning/by-equivalence.ts'
import { coordinatesText } from '../../../model/topology/binlog-coordinates.ts'
import { hostOf, instanceKey, type InstanceKey, portOf } from '../../../model/topology/instance-key.ts'
import type { EquivalenceStore } from '../../../ports/equivalence-store.ts'
import { timeText } from '../time.ts'
import type { Context } from './context.ts'

/** `host:port file:position`, as a key of our own table. */
const textOf = ({ server, at }: Place): string => `${server} ${coordinatesText(at)}`

function placeFrom(text: string): Place {
  const [blank, colon] = [text.indexOf(' '), text.lastIndexOf(':')]
  return { server: text.slice(0, blank) as InstanceKey, at: { file: text.slice(blank + 1, colon), position: BigInt(text.slice(colon + 1)) } } // written by textOf
}

export function equivalences({ database, engine }: Context): EquivalenceStore {
  return {
    async record([one, other], at) {
      await engine.upsert(database, 'position_equivalence', ['one_place', 'other_place'], [{ one_place: textOf(one), other_place: textOf(other), found_at: at }])
      const row = engine.fit('master_position_equivalence', {
        master1_hostname: hostOf(one.server), master1_port: portOf(one.server), master1_binary_log_file: one.at.file, master1_binary_log_pos: one.at.position,
        master2_hostname: hostOf(other.server), master2_port: portOf(other.server), master2_binary_log_file: other.at.file, master2_binary_log_pos: other.at.position,
        last_suggested: timeText(at),
      })
      const unique = ['master1_hostname', 'master1_port', 'master1_binary_log_file', 'master1_binary_log_pos', 'master2_hostname', 'master2_port'] as const
      await engine.upsert(database, 'master_position_equivalence', [...unique], [row])
    },
    async certain(most) {
      const rows = await database.selectFrom('position_equivalence').selectAll().orderBy('found_at', 'desc').limit(most).execute()
      return rows.map(row => [placeFrom(row.one_place), placeFrom(row.other_place)] as const)
    },
    async find({ server, at }) {
      const [host, port] = [hostOf(server), portOf(server)]
      const table = database.selectFrom('master_position_equivalence').selectAll()
      const second = await table.where('master1_hostname', '=', host).where('master1_port', '=', port)
        .where('master1_binary_log_file', '=', at.file).where('master1_binary_log_pos', '=', at.position).execute()
      const first = await table.where('master2_hostname', '=', host).where('master2_port', '=', port)
        .where('master2_binary_log_file', '=', at.file).where('master2_binary_log_pos', '=', at.position).execute()
      return [
        ...second.map(row => ({ server: instanceKey(row.master2_hostname, row.master2_port), at: { file: row.master2_binary_log_file, position: BigInt(row.master2_binary_log_pos) } })),
        ...first.map(row => ({ server: instanceKey(row.master1_hostname, row.master1_port), at: { file: row.master1_binary_log_file, position: BigInt(row.master1_binary_log_pos) } })),
      ]
    },
    async expire(before) {
      await database.deleteFrom('position_equivalence').where('found_at', '<', before).execute()
      await database.deleteFrom('master_position_equivalence').where('last_suggested', '<', timeText(before)).execute()
    },
  }
}
