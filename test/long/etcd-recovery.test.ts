import { test } from 'node:test'
import { RealEtcd } from '../harness/etcd/real-etcd.ts'
import { failoverOutlivesItsManager } from '../harness/raft/failover-story.ts'

test('managers of an etcd: a member of etcd dies, then the primary; the manager that replaces it is killed in the midst, the next one finishes, and no row is lost that a replica had', async () => {
  await using etcd = await RealEtcd.start({ members: 3 })
  await failoverOutlivesItsManager({ settings: { RaftEnabled: false, EtcdEndpoints: etcd.endpoints }, isBuilt: true, harm: () => etcd.kill('e0') })
})
