import type { ReasonWords } from './reason-words.ts'

/** 多个管理节点经由 etcd 成为一体：谁是 Leader 节点，以及为何某个节点没有执行。 */
export const zhEtcd: ReasonWords = {
  'etcd-leads': '{{self}} 是 Leader 节点：etcd 知道 {{count}} 个管理节点',
  'etcd-follows': '{{leader}} 是 Leader 节点；{{self}} 跟随，已应用到 {{applied}}',
  'etcd-leads-soon': '{{self}} 已当选，待此前决定的一切都在本节点应用之后即成为 Leader 节点：{{applied}}／{{last}}',
  'etcd-no-leader': '目前没有 Leader 节点；前任 Leader 节点的租约一到期，{{self}} 即参选',
  'etcd-silent': 'etcd 没有应答（{{text}}）：谁也不能确定自己是 Leader 节点，{{self}} 在其应答之前不作任何更改',
  'etcd-begins': '{{self}} 尚未从 etcd 读到各管理节点共同的记忆',
  'etcd-not-leader': '{{self}} 不是 Leader 节点，Leader 节点是 {{leader}}',
  'etcd-not-leader-nobody': '{{self}} 不是 Leader 节点，也不知道谁是',
  'etcd-not-confirmed': 'etcd 未能确认 {{self}} 仍是 Leader 节点：{{text}}',
  'etcd-not-applied': '此前的决定尚未在本节点全部应用：{{applied}}／{{last}}',
  'etcd-nobody-else': 'etcd 不知道其他管理节点，没有谁可以代替 {{self}} 成为 Leader 节点',
  'etcd-unknown-member': 'etcd 不知道名为 {{member}} 的管理节点；已知的有 {{members}}',
  'etcd-not-grabbed': '使用 etcd 时，管理节点不能从另一个节点手中夺取 Leader 身份，因为对方无法立即知道；可用 reelect 请 Leader 节点让出',
  'etcd-stopped': '{{self}} 不再参与：{{text}}',
}
