import type { enSeeding } from './en-seeding.ts'

export const zhSeeding: typeof enSeeding = {
  seeding: {
    plan: '将会发生什么',
    asking: '正在询问两个代理…',
    unknownSize: '未知大小',
    aVolume: '一个快照',
    checks: '在清除任何数据之前',
    stopped: { good: '{{target}} 的 MySQL 未在运行', bad: '{{target}} 的 MySQL 正在运行：请先停止它，否则数据克隆到此为止', unknown: '不知道 {{target}} 的 MySQL 是否在运行：其代理没有回答' },
    snapshot: { good: '{{source}} 有快照', bad: '{{source}} 没有快照：请先创建一个', unknown: '不知道 {{source}} 的逻辑卷：其代理没有回答' },
    unmounted: { good: '{{source}} 上没有挂载任何卷', bad: '{{source}} 上挂载着卷：请先卸载', unknown: '不知道 {{source}} 上是否挂载着卷：其代理没有回答' },
    room: { good: '{{source}} 的数据（{{copied}}）可放入 {{target}} 的 {{room}}', bad: '{{source}} 的数据（{{copied}}）放不进 {{target}} 的 {{room}}', unknown: '不知道 {{source}} 的数据能否放入 {{target}}' },
    steps: '然后逐步进行',
    step: {
      mount: '{{source}} 挂载 {{volume}}',
      erase: '清除 {{target}} 的全部数据（{{erased}}）',
      copy: '{{source}} 将其数据（{{copied}}）发送到 {{target}}',
      after: '{{target}} 执行复制完成后的命令',
      unmount: '{{source}} 卸载其卷',
      start: '{{target}} 启动 MySQL',
      discover: '发现 {{target}}',
    },
    ifItFails: '若数据清除之后某一步失败，{{target}} 将没有数据也没有 MySQL；{{source}} 照常运行，不受影响。',
    follow: '跟随',
    seed: '数据克隆',
    mysqlRuns: '运行中',
    mysqlStopped: '未运行',
    timeline: '数据克隆的时间线',
  },
}
