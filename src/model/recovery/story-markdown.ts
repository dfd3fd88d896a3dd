import type { DrawnServer, DrawnTree, ServerState } from './drawn-tree.ts'
import type { FailureStory, StoryLine } from './failure-story.ts'

/** Every word that the story needs beside the sentences of the record. */
export interface StoryWords {
  readonly title: string
  readonly outcomes: Readonly<Record<FailureStory['outcome'], string>>
  readonly cluster: string
  readonly failed: string
  readonly successor: string
  readonly nobody: string
  readonly asked: string
  readonly automatic: string
  readonly manager: string
  readonly detected: string
  readonly started: string
  readonly writable: string
  readonly ended: string
  readonly afterStart: string
  readonly evidence: string
  readonly decisions: string
  readonly steps: string
  readonly atRisk: string
  readonly lostReplicas: string
  readonly errors: string
  readonly before: string
  readonly after: string
  readonly notRecorded: string
  readonly nothing: string
  readonly more: string
  readonly acknowledged: string
  readonly columns: readonly [at: string, took: string, stage: string, server: string, what: string]
  readonly failedMark: string
  readonly states: Readonly<Record<ServerState, string>>
}

export const englishStoryWords: StoryWords = {
  title: 'Recovery', outcomes: { running: 'running', planned: 'planned takeover', succeeded: 'succeeded', failed: 'failed: nobody was promoted' },
  cluster: 'Cluster', failed: 'Failed or replaced', successor: 'Successor', nobody: 'nobody', asked: 'Begun by', automatic: 'automatically', manager: 'Manager',
  detected: 'Detected', started: 'Begun', writable: 'Successor takes writes', ended: 'Ended', afterStart: 'after it began',
  evidence: 'Evidence', decisions: 'Decisions and their reasons', steps: 'What was done', atRisk: 'Rows at risk, as known when it began', lostReplicas: 'Replicas that were lost', errors: 'What went wrong',
  before: 'Topology before', after: 'Topology after', notRecorded: 'Not recorded.', nothing: 'None.', more: 'more', acknowledged: 'Acknowledged',
  columns: ['After', 'Took', 'Stage', 'Server', 'What'], failedMark: 'FAILED',
  states: { 'unreachable': 'unreachable', 'writable': 'takes writes', 'read-only': 'read-only', 'following': 'follows', 'not-following': 'does not follow' },
}

/** How sentences, stages and moments are said; the record's own words where nothing else is given. */
export interface StorySayings {
  readonly words: StoryWords
  readonly say: (text: string) => string
  readonly stage: (name: string) => string
  readonly moment: (at: number) => string
}

/** The whole story as Markdown, to be sent or filed. */
export function storyMarkdown(story: FailureStory, { words, say, stage, moment }: StorySayings): string {
  const { times } = story
  const since = (at: number): string => `${moment(at)} (+${seconds(at - times.startedAt)})`
  const server = (key: string | null): string => (key === null ? '' : `\`${key.replace(/[`|\s]/g, '')}\``)
  const bullet = ({ at, server: about, says, outcome }: StoryLine): string =>
    `- ${moment(at)}${about === null ? '' : ` ${server(about)}`}: ${outcome === 'failed' ? `**${words.failedMark}** ` : ''}${text(say(says))}`
  const listed = (lines: readonly string[]): readonly string[] => (lines.length === 0 ? [words.nothing] : lines)
  const facts: readonly (readonly [string, string])[] = [
    [words.cluster, text(story.cluster)], [words.failed, server(story.failed)], [words.successor, story.successor === null ? words.nobody : server(story.successor)],
    [words.asked, story.command === '' ? words.automatic : text(`${story.startedBy} ${story.command}`.trim())], [words.manager, text(story.node)],
    ...(times.detectedAt === null ? [] : [[words.detected, moment(times.detectedAt)] as const]), [words.started, moment(times.startedAt)],
    ...(times.writableAt === null ? [] : [[words.writable, since(times.writableAt)] as const]), ...(times.endedAt === null ? [] : [[words.ended, since(times.endedAt)] as const]),
    ...(story.acknowledged === null ? [] : [[words.acknowledged, text(`${moment(story.acknowledged.at)} ${story.acknowledged.by}: ${say(story.acknowledged.comment)}`)] as const]),
  ]
  return [
    `# ${words.title} #${story.id}: ${story.code}, ${text(story.cluster)} (${words.outcomes[story.outcome]})`, '',
    ...facts.map(([name, value]) => `- **${name}:** ${value}`), '',
    `## ${words.evidence}`, '', ...listed(story.evidence.map(bullet)), '',
    `## ${words.decisions}`, '', ...listed(story.decisions.map(bullet)), '',
    `## ${words.steps}`, '', `| ${words.columns.join(' | ')} |`, '|---|---|---|---|---|',
    ...story.steps.map(step => `| +${seconds(step.afterMilliseconds)} | ${step.tookMilliseconds === null ? '' : seconds(step.tookMilliseconds)} | ${text(stage(step.stage))} | ${server(step.server)} | ${step.outcome === 'failed' ? `**${words.failedMark}** ` : ''}${text(say(step.says))} |`), '',
    `## ${words.atRisk}`, '', ...(story.atRisk === null ? [words.notRecorded] : story.atRisk.map(says => `- ${text(say(says))}`)), '',
    `## ${words.lostReplicas}`, '', ...listed(story.lostReplicas.map(key => `- ${server(key)}`)), '',
    ...(story.errors.length === 0 ? [] : [`## ${words.errors}`, '', ...story.errors.map(error => `- ${text(say(error))}`), '']),
    `## ${words.before}`, '', ...drawing(story.before, words), '',
    `## ${words.after}`, '', ...drawing(story.after, words), '',
  ].join('\n')
}

function drawing(tree: DrawnTree | null, words: StoryWords): readonly string[] {
  return tree === null ? [words.notRecorded] : ['```', ...treeLines(tree, words), '```']
}

/** Each server on a line, below its source and indented. */
export function treeLines({ roots, more }: DrawnTree, words: StoryWords): readonly string[] {
  const lines = (server: DrawnServer, depth: number): readonly string[] =>
    [`${'  '.repeat(depth)}${depth === 0 ? '' : '+ '}${server.key}  ${words.states[server.state]}`, ...server.replicas.flatMap(replica => lines(replica, depth + 1))]
  return [...roots.flatMap(root => lines(root, 0)), ...(more === 0 ? [] : [`… ${more} ${words.more}`])]
}

export const seconds = (milliseconds: number): string => `${(milliseconds / 1000).toFixed(milliseconds < 10_000 ? 2 : 1)} s`

/** Names and errors come from servers and people: nothing of them may become a heading, a link, a tag or another cell. */
const text = (said: string): string => said.replace(/\s*\n\s*/g, ' ').replace(/[\\`*_[\]<>|#]/g, found => `\\${found}`)
