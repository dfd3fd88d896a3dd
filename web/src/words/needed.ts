import i18next from 'i18next'
import type { Reason } from '../../../src/kit/reason.ts'

/** What would have to be done first, by the code of a refusal, or by the rule of replication that it names. [English, 中文] */
const needed: Readonly<Record<string, readonly [english: string, chinese: string]>> = {
  'source-no-binlog': ['set log_bin on {{target}} and restart it', '在 {{target}} 上开启 log_bin 并重启'],
  'source-no-log-updates': ['set log_replica_updates on {{target}} and restart it', '在 {{target}} 上开启 log_replica_updates 并重启'],
  'lower-version': ['upgrade {{replica}} to the version of {{target}}, or choose an older source', '将 {{replica}} 升级到 {{target}} 的版本，或选择版本更低的复制源'],
  'binlog-format': ['set the same binlog_format on {{target}}, or choose another source', '在 {{target}} 上设置相同的 binlog_format，或选择其他复制源'],
  'filters': ['remove the replication filters of {{target}}', '去除 {{target}} 上的复制过滤规则'],
  'same-server-id': ['give each server a server_id of its own', '为每台服务器设置不同的 server_id'],
  'same-server-uuid': ['remove auto.cnf on one of the two and restart it', '删除其中一台的 auto.cnf 并重启'],
  'sql-delay': ['take the delay off {{target}}', '取消 {{target}} 的延迟复制设置'],
  'purged-gtids': ['choose a source that still holds these transactions, or load the data of {{replica}} anew', '选择仍保留这些事务的复制源，或重新克隆 {{replica}} 的数据'],
  'below-own-replica': ['move {{target}} out from below {{replica}} first', '先将 {{target}} 从 {{replica}} 之下移出'],
  'replicas-below-own-replica': ['move {{target}} out from below {{replica}} first', '先将 {{target}} 从 {{replica}} 之下移出'],
  'unreachable': ['{{server}} must answer again', '{{server}} 须恢复应答'],
  'last-check-invalid': ['{{server}} must answer again', '{{server}} 须恢复应答'],
  'not-recently-checked': ['refresh {{server}}', '刷新 {{server}}'],
  'under-maintenance': ['end the maintenance of {{server}}', '结束 {{server}} 的维护'],
  'detached': ['reattach {{replica}}', '恢复 {{replica}} 的复制'],
  'source-gtid-mode': ['set gtid_mode to ON on {{target}}', '在 {{target}} 上将 gtid_mode 设为 ON'],
  'received-not-applied': ['start the applier of {{replica}} and let it apply what it has received', '启动 {{replica}} 的应用线程，待其应用完已接收的内容'],
  'not-a-replica': ['make it a replica first, or drag one of its replicas', '先使其成为从库，或改为拖动它的某台从库'],
}

/** How a refusal could be got rid of; null: there is nothing to advise, or a value that the sentence needs is missing. */
export function neededFor({ code, parameters }: Reason, nameOf: (key: string) => string): string | null {
  const words = needed[typeof parameters['rule'] === 'string' ? parameters['rule'] : code]
  if (words === undefined) return null
  const text = words[i18next.language === 'zh' ? 1 : 0].replace(/\{\{(\w+)\}\}/g, (whole, name: string) => (parameters[name] === undefined ? whole : nameOf(String(parameters[name]))))
  return text.includes('{{') ? null : text
}

export const neededWords = needed
