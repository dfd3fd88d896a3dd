/** A message of a recovery's record as the program writes it, `{values}` in it; and how the page says it. English null: as it stands. */
export interface StepMessage {
  readonly is: string
  readonly en: string | null
  readonly zh: string
}

/** What was done on a server, as the record calls it. */
const steps: readonly StepMessage[] = [
  { is: 'stop-receiver', en: 'stop receiving', zh: '停止接收' },
  { is: 'start-receiver', en: 'start receiving', zh: '开始接收' },
  { is: 'stop-replication', en: 'stop replication', zh: '停止复制' },
  { is: 'start-replication', en: 'start replication', zh: '启动复制' },
  { is: 'start-applier', en: 'start the applier', zh: '启动应用线程' },
  { is: 'stop-applier', en: 'stop the applier', zh: '停止应用线程' },
  { is: 'apply-relay-log', en: 'apply what was received', zh: '应用已接收的内容' },
  { is: 'read-executed', en: 'read what it has executed and received', zh: '读取已执行和已接收的内容' },
  { is: 'wait-executed, at most {milliseconds} ms', en: 'wait until it has executed that, at most {milliseconds} ms', zh: '等待其执行完毕，最多 {milliseconds} 毫秒' },
  { is: 'change-source to {to} ({way})', en: 'follow {to} ({way})', zh: '改以 {to} 为复制源（{way}）' },
  { is: 'copy-replication-credentials of {like}', en: 'use the replication account of {like}', zh: '使用 {like} 的复制账号' },
  { is: 'forget-source', en: 'be no replica any more', zh: '不再作为从库' },
  { is: 'set super_read_only=1', en: 'refuse writes (super_read_only)', zh: '拒绝写入（super_read_only）' },
  { is: 'set read_only=1', en: 'refuse writes (read_only)', zh: '拒绝写入（read_only）' },
  { is: 'set read_only=0', en: 'accept writes', zh: '接受写入' },
  { is: 'wait-position', en: 'wait until it has applied up to a position', zh: '等待其应用到某个位置' },
  { is: 'read-coordinates', en: 'read its position', zh: '读取其位置' },
  { is: 'wait-received', en: 'wait until it has applied every whole transaction it has received', zh: '等待其应用完已接收的每个完整事务' },
  { is: 'match-position', en: 'find the same place in the log of another server', zh: '在另一台服务器的日志中查找相同位置' },
  { is: 'start-until', en: 'replicate up to a position', zh: '复制到某个位置' },
  { is: 'inject-empty', en: 'commit empty transactions', zh: '提交空事务' },
  { is: 'skip-next-event', en: 'skip the next transaction', zh: '跳过下一个事务' },
  { is: 'forget-gtids', en: 'forget transactions that only it has', zh: '忘记只有它拥有的事务' },
  { is: 'set-delay', en: 'set the delay', zh: '设置延时' },
  { is: 'set-semi-sync', en: 'switch semi-sync', zh: '切换半同步' },
  { is: 'commit-nothing', en: 'commit an empty transaction', zh: '提交一个空事务' },
  { is: 'flush-binary-logs', en: 'begin a new binary log', zh: '切换到新的二进制日志' },
  { is: 'purge-binary-logs', en: 'remove old binary logs', zh: '清除旧的二进制日志' },
  { is: 'end-blocked-commits', en: 'end the clients whose commits nobody acknowledges', zh: '断开其提交无人确认的客户端' },
  { is: 'clone-from', en: 'replace all its data by that of another server', zh: '用另一台服务器的数据替换其全部数据' },
  { is: 'wait-restart', en: 'wait until it answers again', zh: '等待其重新应答' },
  { is: 'kill-query', en: 'end a statement', zh: '终止语句' },
]

const story: readonly StepMessage[] = [
  { is: 'undo: {what}', en: 'undo: {what}', zh: '撤销：{what}' },
  // The beginning and the end.
  { is: 'will handle {code} event on {cluster}', en: '{code} of cluster {cluster} is handled', zh: '开始处理集群 {cluster} 的 {code}' },
  { is: '{plan}: will recover {server}', en: 'recovering {server} ({plan})', zh: '开始恢复 {server}（{plan}）' },
  { is: 'RecoverDeadMaster: masterRecoveryType={method}', en: 'method: {method}', zh: '方式：{method}' },
  { is: 'graceful takeover from {old} to {successor}, asked for by {by}', en: 'takeover from {old} to {successor}, asked for by {by}', zh: '由 {by} 发起的计划内切换：{old} → {successor}' },
  { is: 'forced takeover of {old}, asked for by {by}', en: null, zh: '由 {by} 发起的强制更换：{old}' },
  { is: 'Waiting for {count} postponed functions', en: 'waiting for {count} things that were left for later', zh: '等待 {count} 项推迟的工作' },
  { is: 'Executed {count} postponed functions', en: '{count} things that were left for later are done', zh: '已完成 {count} 项推迟的工作' },
  { is: 'the record could not be stored: {why}', en: null, zh: '无法存储记录：{why}' },
  { is: 'could not be stored: {why}', en: null, zh: '无法存储：{why}' },
  { is: '{why}; what was begun is left to whoever has the lease now', en: null, zh: '{why}；已开始的工作交由现在持有租约的进程' },
  // Choosing.
  { is: 'promoted candidate: {server}', en: 'chosen: {server}', zh: '选定：{server}' },
  { is: 'promoted replica: {server}, writable after {milliseconds} ms', en: 'promoted: {server}, writable after {milliseconds} ms', zh: '已提升：{server}，{milliseconds} 毫秒后可写' },
  { is: 'promoted replica: {server}', en: 'promoted: {server}', zh: '已提升：{server}' },
  { is: 'Failure: no replica promoted.', en: 'no replica was promoted', zh: '没有从库被提升' },
  { is: 'no candidate was quick enough; waiting for {server}, at most {milliseconds} ms', en: null, zh: '没有候选从库足够快；等待 {server}，最多 {milliseconds} 毫秒' },
  { is: '{server} lacks {count} transactions that {feeder} holds', en: null, zh: '{server} 缺少 {feeder} 拥有的 {count} 个事务' },
  { is: 'will attempt a candidate intermediate master: {server} ({way})', en: 'the replicas will follow {server} ({way})', zh: '从库将跟随 {server}（{way}）' },
  { is: 'will relocate the replicas of {failed} below group member {server}', en: null, zh: '{failed} 的从库将迁移到组成员 {server} 之下' },
  { is: 'any replica of {failed} may be promoted', en: null, zh: '{failed} 的任一从库均可提升' },
  { is: 'the other co-primary {server} is to lead; it takes writes', en: null, zh: '由双主的另一台 {server} 接替；它已接受写入' },
  { is: 'the other co-primary {server} is to lead', en: null, zh: '由双主的另一台 {server} 接替' },
  // Losses.
  { is: 'RecoverDeadMaster: - lost replica: {server}: {why}', en: 'lost replica: {server}: {why}', zh: '失去从库 {server}：{why}' },
  { is: 'lost replica: {server}: {why}', en: null, zh: '失去从库 {server}：{why}' },
  // The old primary.
  { is: 'a replica has received everything that {server} has', en: null, zh: '已有从库收到 {server} 的全部内容' },
  { is: 'no replica has received everything that {server} has: {why}', en: null, zh: '没有从库收到 {server} 的全部内容：{why}' },
  { is: 'none answers', en: null, zh: '均无应答' },
  { is: '{count} transactions are missing', en: null, zh: '缺少 {count} 个事务' },
  {
    is: '{server} could not be made read-only now; it will be when it returns ({why})',
    en: null,
    zh: '{server} 现在无法设为只读；它恢复后会被设为只读（{why}）',
  },
  { is: 'nothing was changed: {server} is writable', en: null, zh: '未作任何变更：{server} 可写' },
  { is: '{server} could not be made writable again: {why}', en: null, zh: '无法使 {server} 恢复可写：{why}' },
  { is: '{server} is writable again', en: null, zh: '{server} 已恢复可写' },
  { is: '{server} was left read-only: {why}', en: null, zh: '{server} 仍为只读：{why}' },
  { is: 'Writing KV {alias}={server} to {place}: done and read back', en: '{place} says that {server} takes the writes of {alias}', zh: '{place} 已记录 {alias} 由 {server} 接受写入' },
  { is: 'Writing KV {alias}={server} to {place}: {text}; it is tried again behind', en: '{place} could not be told that {server} takes the writes of {alias} ({text}); it is tried again', zh: '无法告知 {place} {alias} 由 {server} 接受写入（{text}），将继续重试' },
  { is: '- RecoverDeadMaster: updating cluster_alias: {old} -> {server}', en: 'the alias of {old} now means {server}', zh: '{old} 的别名现在指向 {server}' },
  // Semi-sync.
  { is: '{clients} replicas of {wanted} that are waited for', en: null, zh: '所等待的 {wanted} 台从库中的 {clients} 台' },
  { is: '{what} acknowledge by now', en: null, zh: '{what}已经确认' },
  { is: '{what} acknowledge; {text}', en: null, zh: '{what}确认；{text}' },
  { is: '{what} acknowledge', en: null, zh: '{what}确认' },
  { is: 'exactly so many are made to', en: null, zh: '将调整为恰好这么多' },
  { is: 'more are made to', en: null, zh: '将增加' },
  { is: '{server} does not answer', en: null, zh: '{server} 没有应答' },
  { is: '{server} commits again', en: null, zh: '{server} 恢复提交' },
  { is: 'what {server} had begun to commit is let go with its next commit', en: null, zh: '{server} 已开始的提交将随其下一次提交放行' },
  // After a crash of the program.
  {
    is: 'the takeover was interrupted and {server} cannot be read: whether it takes writes is not known; waiting for it',
    en: null,
    zh: '切换被中断，且无法读取 {server}：不知道它是否接受写入；等待它恢复',
  },
  { is: '{server} had been promoted; the recovery was finished after the crash', en: null, zh: '{server} 已被提升；崩溃之后完成了恢复' },
  { is: 'detected crashed recovery', en: 'the program had crashed during this recovery', zh: '程序曾在此次恢复期间崩溃' },
  // Hooks.
  { is: 'No {list} hooks to run', en: 'no command in {list}', zh: '{list} 中没有命令' },
  { is: 'Running {count} {list} hooks', en: 'running {count} commands of {list}', zh: '运行 {list} 中的 {count} 条命令' },
  { is: 'Running {list} hook {number} of {count}: {command}', en: 'running command {number} of {count} of {list}: {command}', zh: '运行 {list} 第 {number}/{count} 条命令：{command}' },
  { is: 'Completed {list} hook {number} of {count} in {time}', en: 'command {number} of {count} of {list} done in {time}', zh: '{list} 第 {number}/{count} 条命令完成，用时 {time}' },
  {
    is: 'Execution of {list} hook {number} of {count} failed in {time} with error: ({exit}) {output}',
    en: 'command {number} of {count} of {list} failed after {time} ({exit}): {output}',
    zh: '{list} 第 {number}/{count} 条命令在 {time} 后失败（{exit}）：{output}',
  },
  { is: 'Not running further {list} hooks', en: 'the other commands of {list} are not run', zh: '不再运行 {list} 的其余命令' },
  { is: 'done running {list} hooks', en: 'all commands of {list} were run', zh: '{list} 的命令已全部运行' },
]

/** Every step may have failed: then the reason follows. */
export const stepMessages: readonly StepMessage[] = [
  ...steps,
  ...steps.map(({ is, en, zh }) => ({ is: `${is}: {why}`, en: `${en ?? is}: {why}`, zh: `${zh}：{why}` })),
  ...story,
]

/** The stages of a recovery. [English, 中文] */
export const stages: Readonly<Record<string, readonly [english: string, chinese: string]>> = {
  'begin': ['beginning', '开始'],
  'hooks-detected': ['commands on detection', '发现故障时的命令'],
  'hooks-before-takeover': ['commands before the takeover', '切换前的命令'],
  'hooks-before': ['commands before', '之前的命令'],
  'hooks-after': ['commands after', '之后的命令'],
  'fence': ['stopping writes', '停止写入'],
  'stop-receivers': ['stopping the receivers', '停止接收'],
  'prove': ['proving what was received', '核对已收到的内容'],
  'choose': ['choosing', '选择'],
  'feed': ['fetching what is missing', '补齐缺少的内容'],
  'drain': ['applying what was received', '应用已接收的内容'],
  'promote': ['promoting', '提升'],
  'repoint': ['moving the replicas', '迁移从库'],
  'settle': ['settling who follows whom', '收尾'],
  'let-go': ['letting the replicas go', '放开从库'],
  'detach': ['detaching the lost', '断开失去的从库'],
  'rejoin': ['the old primary follows', '原主库跟随新主库'],
  'undo': ['undoing', '撤销'],
  'writable': ['accepting writes', '接受写入'],
  'semi-sync': ['semi-sync', '半同步'],
  'announce': ['announcing', '公布'],
  'publish': ['publishing', '发布'],
  'interrupted': ['after a crash', '崩溃之后'],
  'end': ['end', '结束'],
}
