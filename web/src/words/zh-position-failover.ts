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
  'step-wait-received': '等待它应用完已接收的每个完整事务',
}
