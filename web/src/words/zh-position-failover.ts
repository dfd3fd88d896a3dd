import type { ReasonWords } from './reason-words.ts'

/** 不使用 GTID 的故障切换。 */
export const zhPositionFailover: ReasonWords = {
  'plan-settle': '让其他从库应用完已接收的全部内容后停住',
  'failover-position-not-read': '{{server}} 不以文件与位置复制，或尚未读取任何内容',
  'failover-position-not-standing': '{{server}} 尚未应用完已接收的内容',
  'failover-position-ahead': '{{server}} 位于故障主库日志的 {{at}}，{{successor}} 位于 {{place}}：它有 {{successor}} 没有的事务',
  'failover-position-behind': '{{server}} 位于故障主库日志的 {{at}}，{{successor}} 位于 {{place}}：没有 GTID 与 Pseudo-GTID 时无法找到在新日志中的位置',
  'failover-position-unproven': '没有 GTID 时，无法证明某台从库拥有全部已确认的写入',
  'failover-position-candidate-behind': '{{candidate}} 读取的内容少于 {{leader}}，且无从补齐：提升 {{leader}}',
  'failover-position-no-own-log': '{{candidate}} 没有报告其日志的末尾位置',
  'leader-place': '{{successor}} 已执行 {{source}} 的日志至 {{place}}，此时其自身日志的末尾为 {{own}}',
  'takeover-position-not-replicating': '{{server}} 没有在复制（接收线程 {{receiver}}，应用线程 {{applier}}），无法到达旧主库日志的末尾。{{text}}',
  'takeover-position-lags': '{{server}} 延迟 {{seconds}} 秒，超过 {{limit}} 秒：没有 GTID 时，它必须先到达旧主库日志的末尾',
  'takeover-position-no-log': '旧主库 {{old}} 没有报告其日志的末尾；没有 GTID 时，别无依据判断其他服务器从何处继续',
  'takeover-position-unseen': '没有 GTID 时，无法看出只有 {{successor}} 拥有的事务',
  'failover-beside-ahead': '{{server}} 有 {{successor}} 没有的事务：{{gtids}}',
  'failover-beside-unknown': '{{server}} 按位置复制，且并非所有事务都有编号：无法证明它在 {{successor}} 日志中的位置',
  'failover-beside-gap': '{{server}} 按位置复制，缺少 {{gtids}}，而这些不只是 {{successor}} 最新的事务：它可能已有相应的行，因此按位置或自动定位都不安全',
  'failover-beside-by-gtid': '{{server}} 原按位置复制，缺少 {{successor}} 最新的事务：由于不知道它在 {{successor}} 日志中的位置，此后改用 GTID 复制',
  'step-wait-received': '等待它应用完已接收的每个完整事务',
  'moved-later': '{{server}} 有意延迟应用或应答缓慢：待其应用完已接收的内容后再迁移，其他步骤不等待它',
  'orphan-place-unknown': '{{server}} 已执行 {{failed}} 的日志至 {{at}}；没有 GTID 与 Pseudo-GTID 时，只有 {{failed}} 能说明这对应 {{successor}} 日志中的哪个位置：{{failed}} 恢复后 {{server}} 会自行继续；否则须人工找出位置（用 mysqlbinlog 查看 {{successor}}：{{server}} 最后一个事务的下一个事务）并将 {{server}} 指向该处，或重新复制数据',
  'orphan-other-log': '{{server}} 已读取 {{failed}} 转发的日志至 {{at}}，而 {{successor}} 没有该日志',
  'orphan-binlog-server': '{{server}} 是 binlog 服务器，保存着 {{failed}} 的日志，{{successor}} 并不延续该日志：须在 {{successor}} 之下重新搭建',
  'no-orphan-can-move': '{{failed}} 的 {{count}} 台从库都无法跟随其他服务器：{{text}}',
}
