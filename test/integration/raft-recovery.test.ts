import { test } from 'node:test'
import { failoverOutlivesItsManager } from '../harness/raft/failover-story.ts'

test('a failover is done once, by the leader, on what a majority sees; one whose manager is killed in the midst is finished by the next leader, and no row is lost that a replica had',
  () => failoverOutlivesItsManager({ settings: {}, isBuilt: process.env['RAFT_MANAGERS_UNBUILT'] === undefined }))
