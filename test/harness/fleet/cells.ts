import { type FakeServer, lagSeconds, type Trouble } from './fake-server.ts'

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
/** A cell that says something else of a replica in trouble. */
const inTrouble = (well: string, troubles: Readonly<Partial<Record<Trouble, string | null>>>): Fill => ({ trouble }) => {
  const told = trouble === null ? undefined : troubles[trouble]
  return told === undefined ? well : told
}
const duplicate = "Could not execute Write_rows event on table shop.t; Duplicate entry '100' for key 't.PRIMARY', Error_code: 1062"
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
  replica_io_running: inTrouble('Yes', { 'receiver-error': 'Connecting', stopped: 'No' }),
  replica_sql_running: inTrouble('Yes', { 'applier-error': 'No', stopped: 'No' }),
  seconds_behind_source: inTrouble('0', { 'applier-error': null, 'receiver-error': null, stopped: null, lag: String(lagSeconds) }),
  last_errno: inTrouble('0', { 'applier-error': '1062' }),
  last_error: inTrouble('', { 'applier-error': duplicate }),
  last_sql_errno: inTrouble('0', { 'applier-error': '1062' }),
  last_sql_error: inTrouble('', { 'applier-error': duplicate }),
  last_io_errno: inTrouble('0', { 'receiver-error': '2003' }),
  last_io_error: inTrouble('', { 'receiver-error': "Error connecting to source: Can't connect to MySQL server (111)" }),
  account: () => 'orchestrator@%',
  heartbeat_at: heard,
  queued_at: heard,
  read_at: heard,
}
