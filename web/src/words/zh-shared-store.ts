import type { ReasonWords } from './reason-words.ts'

/** 共用一个数据库的多个进程：谁负责执行，为什么某个进程不执行。 */
export const zhSharedStore: ReasonWords = {
  'store-leads': '{{self}} 是 Leader 节点：它持有 active_node 表中的那一行，另有 {{others}} 个进程可以接替它',
  'store-follows': '{{leader}} 是 Leader 节点；{{self}} 提供服务，并在它停止续租 active_node 表中的那一行时接替它',
  'store-only-serves': '{{leader}} 是 Leader 节点；{{self}} 只提供服务，从不接替它',
  'store-leads-soon': '{{self}} 已取得 active_node 表中的那一行，待前任察觉后即成为 Leader 节点',
  'store-takes-up': '{{self}} 已取得 active_node 表中的那一行，读取此前所做的一切并查看各服务器之后即成为 Leader 节点',
  'store-no-leader': '没有进程持有 active_node 表中的那一行',
  'store-silent': '数据库没有应答（{{text}}）：{{self}} 无法得知谁是 Leader 节点，在应答之前不会自行做任何变更',
  'store-stopped': '{{self}} 已停止',
  'store-not-leader': '{{self}} 不是 Leader 节点，Leader 节点是 {{leader}}',
  'store-nobody-leads': '{{self}} 不是 Leader 节点，也不知道谁是',
  'store-not-confirmed': '数据库未能确认 {{self}} 仍是 Leader 节点：{{text}}',
  'store-unknown-member': '{{member}} 上没有可以成为 Leader 节点的进程；现有：{{members}}',
  'store-nobody-else': '没有其他进程可以代替 {{self}} 成为 Leader 节点',
}
