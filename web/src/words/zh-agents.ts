import type { ReasonWords } from './reason-words.ts'

/** Agents on database hosts, and copies of data from one host to another. */
export const zhAgents: ReasonWords = {
  'agents-not-served': '未启用代理服务（ServeAgentsHttp）',
  'agent-unknown': '没有主机 {{host}} 的代理登记',
  'agent-noop': 'noop：不会让主机 {{host}} 的代理执行任何操作',
  'agent-volume-missing': '缺少 lv：逻辑卷的路径',
  'agent-host-invalid': '{{host}} 不是有效的主机名',
  'agent-host-not-allowed': 'AgentsAllowedHosts 不允许主机 {{host}}',
  'agent-port-invalid': '端口无效：{{port}}',
  'agent-token-invalid': '代理的令牌应为 1 到 128 个可见 ASCII 字符',
  'seed-onto-itself': '不能将 {{host}} 克隆到它自己',
  'seed-under-way': '{{host}} 已参与数据克隆 {{seed}}',
  'seed-unknown': '找不到数据克隆 {{seed}}',
  'seed-ended': '数据克隆 {{seed}} 已经结束',
}
