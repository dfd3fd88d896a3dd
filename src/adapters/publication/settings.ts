import { setting, type SettingValues } from '../../kit/setting.ts'

/** Places outside that are told who takes writes. */
export const publicationTargetSettings = {
  zookeeper: setting('ZkAddress', '', 'ZooKeeper servers, comma separated host[:port].'),
  consul: setting('ConsulAddress', '', 'Host:port of Consul\'s HTTP API; empty: none.'),
  consulScheme: setting('ConsulScheme', 'http', 'http or https.'),
  consulToken: setting('ConsulAclToken', '', 'Token for writes to Consul.'),
  consulProvider: setting('ConsulKVStoreProvider', 'consul', 'consul: pair by pair; consul-txn: in transactions.'),
  consulPairsPerTransaction: setting<number>('ConsulMaxKVsPerTransaction', 5, 'Most pairs of one transaction, 5 to 64.'),
  consulEverywhere: setting<boolean>('ConsulCrossDataCenterDistribution', false, 'Write to every data center of Consul.'),
  webhooks: setting<readonly string[]>('PublicationWebhooks', [], 'Addresses that get a JSON document by POST whenever a cluster has a new writable primary.'),
}

export type PublicationTargetSettings = SettingValues<typeof publicationTargetSettings>
