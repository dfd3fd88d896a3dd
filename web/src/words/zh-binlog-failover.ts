import type { ReasonWords } from './reason-words.ts'

/** 经由 binlog 服务器的故障切换。 */
export const zhBinlogFailover: ReasonWords = {
  'plan-leader-stands': '让 {{leader}} 停在已读取的 {{failed}} 日志处',
  'plan-gather-binlog-servers': '让其他 binlog 服务器从 {{leader}} 继续读取',
  'plan-roll-forward': '让 {{candidate}} 应用 {{leader}} 拥有的全部内容并停在那里',
  'plan-number-logs': '让 {{candidate}} 忘记其源，从 {{leader}} 的下一个日志文件写起，并开始接受写入',
  'plan-binlog-server-source': '让 {{leader}} 从 {{successor}} 继续读取',
  'plan-binlog-server-up': '让 {{server}} 直接从 {{successor}} 读取',
  'read-furthest': '{{leader}} 读取 {{failed}} 的日志最多：{{place}}',
  'passed-over': '跳过 {{server}}：{{text}}',
  'binlog-server-stands': '{{server}} 继续转发已有的日志，不再读取',
  'binlog-server-behind-leader': '{{server}} 的源已指向 {{leader}}，尚未开始读取',
  'rolled-forward': '{{candidate}} 已拥有 {{leader}} 的全部内容；目前没有主库',
  'logs-numbered': '{{candidate}} 不再复制，日志编号正是 binlog 服务器等待的下一个；目前没有主库',
  'stands-elsewhere': '{{server}} 停在 {{place}}，不在 {{file}}（新日志由此开始）之前那个文件的末尾',
  'binlog-server-no-place': '{{server}} 没有报告已读取到的位置',
  'no-binlog-server-left': '{{failed}} 之下的 binlog 服务器都没有应答或没有报告已读取到的位置',
  'no-promotable-below': '{{failed}} 的 binlog 服务器之下没有可以接管的从库：{{text}}',
  'needs-own-log-alone': '{{server}} 会记录所复制的内容，其日志无法接在 binlog 服务器的末尾之后',
  'needs-binary-log': '{{server}} 没有二进制日志',
  'not-by-file-and-position': '{{server}} 不以文件与位置复制',
  'log-name-differs': '{{server}} 的日志名为 {{own}}，binlog 服务器的为 {{leads}}：它们找不到下一个文件',
  'log-number-beyond': '{{server}} 已写到 {{own}}，超过 binlog 服务器的 {{leads}}：其日志无法接在后面',
  'log-number-too-far': '{{server}} 写到 {{own}}，binlog 服务器为 {{leads}}：需要新建的文件超过 {{limit}} 个',
  'own-log-unread': '{{server}} 没有报告其日志的末尾',
  'reads-beyond': '{{server}} 已读取故障主库日志至 {{at}}，而 {{leader}} 只到 {{place}}：它有任何 binlog 服务器都没有的事务',
}
