import type { ReasonWords } from './reason-words.ts'

/** 多个管理节点经由 Raft 成为一体：谁是 Leader 节点，以及为何某个节点没有执行。 */
export const zhRaft: ReasonWords = {
  'raft-leads': '{{self}} 是 Leader 节点：{{count}} 个成员中能听到 {{heard}} 个',
  'raft-follows': '{{leader}} 是 Leader 节点；{{self}} 跟随，已应用到 {{applied}}',
  'raft-learns': '{{leader}} 是 Leader 节点；{{self}} 正在学习共享记忆，尚不计入投票：已应用到 {{applied}}',
  'raft-leads-soon': '{{self}} 已当选，待此前决定的一切都在本节点应用之后即成为 Leader 节点：{{applied}}／{{last}}',
  'raft-no-leader': '目前没有 Leader 节点：{{self}} 听不到 {{count}} 个成员中的多数，在选出 Leader 节点之前不做任何更改',
  'raft-left-out': '{{self}} 不是该组的成员：{{text}}',
  'raft-founds': '{{self}} 还没有数据；等待 RaftNodes 的 {{count}} 个成员中 {{needed}} 个同样没有数据的成员，目前听到 {{heard}} 个',
  'raft-awaits-founder': '{{self}} 与其他成员一样还没有数据；由 {{founder}} 建立该组',
  'raft-awaits-leader': '{{self}} 还没有数据；{{other}} 所属的组没有 Leader 节点，因此 {{self}} 等待其选出',
  'raft-two-groups': '{{self}} 还没有数据，而其他成员属于不同的组，且各有 Leader 节点：{{groups}}',
  'raft-nodes-differ': '{{self}} 还没有数据；{{other}} 的 RaftNodes 与 {{self}} 的所列成员不同，因此无法建立组',
  'raft-was-damaged': '{{self}} 已将损坏的磁盘数据移到一旁，等待现有的组接纳；不会另建新组',
  'raft-joins': '{{self}} 请求 {{leader}} 接纳',
  'raft-disk-failed': '{{self}} 的磁盘恢复之前不参与该组：{{text}}',
  'raft-stopped': '{{self}} 已停止',
  'raft-not-leader': '{{self}} 不是 Leader 节点；{{leader}} 才是',
  'raft-nobody-leads': '{{self}} 不是 Leader 节点，目前也没有已知的 Leader 节点',
  'raft-not-confirmed': '没有多数成员确认 {{self}} 仍是 Leader 节点：{{text}}',
  'raft-alone': '{{self}} 是唯一有投票权的成员：没有其他成员可以接任',
  'raft-unknown-member': '{{member}} 不是有投票权的成员；成员有 {{members}}',
  'raft-change-failed': '无法更改成员：{{text}}',
  'raft-change-late': '已接受 {{member}}，但它在 {{seconds}} 秒内尚未成为有投票权的成员；能够连接到它时即接纳',
  'raft-last-member': '{{member}} 是唯一有投票权的成员，不能移除',
  'raft-no-snapshot': '没有生成快照：{{text}}',
}
