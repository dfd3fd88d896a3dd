import type { FakeServer } from './fake-server.ts'

/** Seconds since the fleet began, and now as seconds since 1970. */
export interface Moment {
  readonly seconds: number
  readonly unix: number
}

/** A cell that is the same at all times is a text (or NULL); one that moves is a function of the moment. */
export type CellValue = string | null | ((moment: Moment) => string)

type Fill = (server: FakeServer) => CellValue

const position: Fill = server => ({ seconds }) => String(server.position(seconds))
const sourcePosition: Fill = server => ({ seconds }) => String((server.source ?? server).position(seconds))
const executed: Fill = server => ({ seconds }) => server.executed(seconds)
const isReplica: Fill = server => (server.source === null ? '0' : '1')
const heard: Fill = () => ({ unix }) => unix.toFixed(6)

/**
 * Column in lower case → what it says of the server in whose row it stands. Columns that are not here say what was recorded.
 * In a listing of replicas the row's server is the replica.
 */
export const fills: Readonly<Record<string, Fill>> = {
  hostname: server => server.host,
  reporthost: server => server.host,
  serverid: server => String(server.serverId),
  serveruuid: server => server.uuid,
  readonly: isReplica,
  superreadonly: isReplica,
  gtidexecuted: executed,
  position,
  executed_gtid_set: executed,
  retrieved_gtid_set: server => ({ seconds }) => server.retrieved(seconds),
  source_host: server => server.source?.host ?? null,
  source_port: server => String(server.source?.port ?? ''),
  source_uuid: server => server.source?.uuid ?? null,
  source_server_id: server => String(server.source?.serverId ?? ''),
  read_source_log_pos: sourcePosition,
  exec_source_log_pos: sourcePosition,
  relay_log_pos: sourcePosition,
  relay_log_space: sourcePosition,
  server_id: server => String(server.serverId),
  source_id: server => String(server.source?.serverId ?? ''),
  replica_uuid: server => server.uuid,
  host: server => server.host,
  port: server => String(server.port),
  replica_host: server => server.host,
  uptime: server => ({ seconds }) => String(server.uptime(seconds)),
  account: () => 'orchestrator@%',
  heartbeat_at: heard,
  queued_at: heard,
  read_at: heard,
}
