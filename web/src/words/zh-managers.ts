import type { ReasonWords } from './reason-words.ts'

/** 多个管理节点作为一个整体：谁是 Leader、多数派是否成立、请求由谁处理。 */
export const zhManagers: ReasonWords = {
  'one-manager-is-enough': '共 {{count}} 个管理节点：只要它们共用的存储有应答，有一个就够',
  'no-manager-acts': '当前没有 Leader 节点：在选出之前不会执行任何恢复',
  'quorum-holds': '{{voters}} 个有投票权的管理节点中 {{heard}} 个有应答，需要 {{needed}} 个：还可以再失去 {{spare}} 个',
  'quorum-at-its-end': '{{voters}} 个有投票权的管理节点中 {{heard}} 个有应答，需要 {{needed}} 个：再失去一个，自动恢复就会停止',
  'quorum-of-one': '只有本管理节点一个：失去它就不会执行任何恢复',
  'quorum-missing-of': '没有 Leader 节点：{{voters}} 个管理节点中只有 {{heard}} 个有应答，需要 {{needed}} 个。故障会被发现但不会被恢复，变更操作已停用',
  'quorum-by-the-leader': '{{voters}} 个有投票权的管理节点中的多数派能联系到 {{leader}}；还可以再失去几个，只有它知道',
  'quorum-missing': '不知道谁是 Leader 节点：{{voters}} 个有投票权的管理节点中需要 {{needed}} 个能互相联系。故障能发现，但不会恢复，也不能做任何变更',
  'nobody-leads': '没有 Leader 节点，目前不能做任何变更',
  'leads-not': '{{node}} 不是 Leader 节点，也不知道谁是：目前不能做任何变更',
  'another-leads': '{{node}} 不是 Leader 节点；{{leader}}（{{address}}）才是，请直接向它提交',
  'leader-unreachable': '无法连接 Leader 节点 {{leader}}：{{text}}。没有向它提交任何请求',
  'leader-ended': 'Leader 节点 {{leader}} 没有应答：{{text}}。请求是否已执行尚不清楚',
  'leader-busy': '正在转交给 Leader 节点 {{leader}} 的请求太多',
  'cannot-grab': '以 {{mode}} 方式组成的管理节点不能直接夺取 Leader 角色，请使用移交或重新选举',
  'cannot-reelect': '以 {{mode}} 方式组成的管理节点不能重新选举',
  'not-grabbed': '未能夺取 Leader 角色：{{text}}',
  'no-raft': '{{what}}：未启用 Raft',
  'raft-unhealthy': '本节点不属于健康的 Raft 组',
  'raft-token-unknown': '不认识的 Raft 健康报告令牌 {{token}}',
  'raft-no-such-member': '{{what}}：{{member}} 不是有投票权的成员。有投票权的成员：{{members}}',
}
