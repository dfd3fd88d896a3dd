import type { Words } from './language.ts'
import type { enPages } from './en-pages.ts'

/** 历史记录、服务器、设置、实例池与代理各页的词句。 */
export const zhPages: Pick<Words, keyof typeof enPages> = {
  history: {
    open: '未解决',
    title: '历史',
    of: '集群 {{alias}}',
    all: '所有集群',
    none: '尚未检测到故障。',
    noneText: '检测到的故障无论是否已恢复，都会在此保留一段时间。',
    noOlder: '没有更早的记录。',
    noticed: '检测时间',
    kind: '故障',
    server: '服务器',
    cluster: '集群',
    changed: '诊断的变化',
    recovery: '恢复',
    noRecovery: '未知',
    promoted: '第 {{id}} 次恢复 → {{successor}}',
    running: '第 {{id}} 次恢复，进行中',
    failed: '第 {{id}} 次恢复，未提升任何服务器',
    detection: '检测记录 #{{id}}',
    notFound: '没有检测记录 {{id}}',
    notFoundText: '它可能早于所保留的记录。',
    toHistory: '查看历史',
    replicas: '当时的从库',
    node: '检测者',
    description: '含义',
    noChanges: '没有记录',
  },
}
