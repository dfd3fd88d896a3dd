/**
 * The words of the trade in Chinese: the single place where they are chosen, to be read by a person whose language it is. A test holds the sentences to them.
 * `not`: other words for the same thing, which no sentence may use.
 */
export interface Term {
  readonly en: string
  readonly zh: string
  readonly not?: readonly string[]
}

export const terms: readonly Term[] = [
  { en: 'primary', zh: '主库', not: ['主节点', '主服务器', '主实例'] },
  { en: 'replica', zh: '从库', not: ['从节点', '备库', '从服务器', '副本', '从实例'] },
  { en: 'intermediate primary', zh: '中间主库', not: ['级联主库'] },
  { en: 'co-primary', zh: '双主', not: ['互主'] },
  { en: 'source', zh: '复制源', not: ['上游库', '源库'] },
  { en: 'cluster', zh: '集群' },
  { en: 'alias', zh: '别名' },
  { en: 'topology', zh: '拓扑', not: ['拓朴'] },
  { en: 'lag', zh: '延迟', not: ['滞后'] },
  { en: 'planned takeover', zh: '计划内切换', not: ['优雅切换', '计划切换'] },
  { en: 'failover', zh: '故障切换', not: ['故障转移'] },
  { en: 'recovery', zh: '恢复' },
  { en: 'promote', zh: '提升' },
  { en: 'dry run', zh: '预演', not: ['试运行', '空跑'] },
  { en: 'plan', zh: '计划' },
  { en: 'step', zh: '步骤' },
  { en: 'stage', zh: '阶段' },
  { en: 'read-only', zh: '只读' },
  { en: 'writable', zh: '可写' },
  { en: 'leader', zh: 'Leader 节点', not: ['领导者', '领导节点'] },
  { en: 'follower', zh: 'Follower 节点', not: ['跟随者节点'] },
  { en: 'quorum', zh: '多数派', not: ['法定人数', '仲裁数'] },
  { en: 'audit', zh: '审计' },
  { en: 'downtime', zh: '停机屏蔽', not: ['停机时间', '静默期'] },
  { en: 'maintenance', zh: '维护' },
  { en: 'promotion rule', zh: '提升规则', not: ['晋升规则'] },
  { en: 'candidate', zh: '候选主库' },
  { en: 'acknowledge', zh: '确认' },
  { en: 'discover', zh: '发现' },
  { en: 'forget', zh: '移除', not: ['遗忘'] },
  { en: 'detach', zh: '断开' },
  { en: 'regroup', zh: '重组', not: ['重新分组'] },
  { en: 'move below', zh: '迁移', not: ['搬迁', '挪动'] },
  { en: 'errant GTID', zh: '多余 GTID', not: ['错误 GTID', '游离 GTID', '多余的 GTID'] },
  { en: 'semi-sync', zh: '半同步' },
  { en: 'binary log', zh: '二进制日志', not: ['二进位日志'] },
  { en: 'relay log', zh: '中继日志', not: ['中转日志'] },
  { en: 'pool', zh: '实例池', not: ['服务器池'] },
  { en: 'seed', zh: '数据克隆', not: ['播种', '种子'] },
  { en: 'agent', zh: '代理' },
  { en: 'site', zh: '机房' },
  { en: 'undo', zh: '撤销', not: ['撤消', '回退操作'] },
]
