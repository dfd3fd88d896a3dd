import { setting, type SettingValues } from '../../kit/setting.ts'

/** What is published, and how long a recovery waits for it. */
export const publicationSettings = {
  prefix: setting('KVClusterMasterPrefix', 'mysql/master', 'What the keys of all clusters begin with.'),
  waitMilliseconds: setting<number>('PublicationWaitMilliseconds', 3000, 'How long a recovery waits for all places to say who the new primary is.'),
  pollSeconds: setting<number>('InstancePollSeconds', 5, 'Seconds between two polls of a server.'),
}

export type PublicationSettings = SettingValues<typeof publicationSettings>
