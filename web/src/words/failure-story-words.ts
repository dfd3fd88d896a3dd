import { englishStoryWords, type StoryWords } from '../../../src/model/recovery/story-markdown.ts'

/** What the page of a failure's story says beside what is sent of it. */
export interface StoryPageWords extends StoryWords {
  readonly story: string
  readonly record: string
  readonly print: string
  readonly copyLink: string
  readonly copyMarkdown: string
  readonly madeOf: string
}

const english: StoryPageWords = {
  ...englishStoryWords,
  story: 'Story of the failure',
  record: 'The record',
  print: 'Print',
  copyLink: 'Copy link',
  copyMarkdown: 'Copy as Markdown',
  madeOf: 'Everything here was written down while it happened. The clock is that of the manager that acted.',
}

const chinese: StoryPageWords = {
  title: '恢复',
  outcomes: { running: '进行中', planned: '计划内切换', succeeded: '成功', failed: '失败：没有提升任何服务器' },
  cluster: '集群',
  failed: '故障或被替换的服务器',
  successor: '新主库',
  nobody: '没有',
  asked: '发起者',
  automatic: '自动',
  manager: '管理节点',
  detected: '发现于',
  started: '开始于',
  writable: '新主库开始接受写入',
  ended: '结束于',
  afterStart: '开始之后',
  evidence: '证据',
  decisions: '决定及其原因',
  steps: '做了什么',
  atRisk: '有丢失风险的数据（开始时所知）',
  lostReplicas: '失去的从库',
  errors: '出了什么问题',
  before: '之前的拓扑',
  after: '之后的拓扑',
  notRecorded: '没有记录。',
  nothing: '没有。',
  more: '台未列出',
  acknowledged: '已确认',
  columns: ['开始后', '用时', '阶段', '服务器', '内容'],
  failedMark: '失败',
  states: { 'unreachable': '无法连接', 'writable': '接受写入', 'read-only': '只读', 'following': '正在复制', 'not-following': '没有在复制' },
  story: '故障经过',
  record: '恢复记录',
  print: '打印',
  copyLink: '复制链接',
  copyMarkdown: '复制为 Markdown',
  madeOf: '这里的一切都是在事情发生时记录的，时间以执行操作的管理节点的时钟为准。',
}

export const failureStoryWords = (language: string): StoryPageWords => (language === 'zh' ? chinese : english)
