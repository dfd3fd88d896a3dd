import { setting, type SettingValues } from '../../kit/setting.ts'

/** How this manager is one with others by Raft. */
export const raftSettings = {
  isOn: setting<boolean>('RaftEnabled', false, 'Be a member of a group of managers.'),
  folder: setting('RaftDataDir', '', 'Where the member keeps its log and snapshots.'),
  bind: setting('RaftBind', '127.0.0.1:10008', 'Address on which other members are listened to.'),
  advertise: setting('RaftAdvertise', '', 'Address by which others reach this member, and its name.'),
  defaultPort: setting<number>('DefaultRaftPort', 10008, 'Port of an address that names none.'),
  nodes: setting<readonly string[] | null>('RaftNodes', [], 'All members.'),
  httpAdvertise: setting('HTTPAdvertise', '', 'Where others reach the HTTP API of this member.'),
  secret: setting('RaftSecret', '', 'What all members know and nobody else.'),
  keyFile: setting('RaftSSLPrivateKeyFile', '', 'Private key of this member towards the others.'),
  certificateFile: setting('RaftSSLCertFile', '', 'Certificate of this member towards the others.'),
  authorityFile: setting('RaftSSLCAFile', '', 'Who signs the certificates of members.'),
  needsAgreement: setting<boolean>('ExpectFailureAnalysisConcensus', true, 'Act by itself only where a majority of the members sees the failure.'),
}

export type RaftSettings = SettingValues<typeof raftSettings>
