import { type FailureStory, failureStory } from '../../model/recovery/failure-story.ts'
import { englishStoryWords, storyMarkdown } from '../../model/recovery/story-markdown.ts'
import { type Answer, json } from '../exchange.ts'
import type { Route } from '../router.ts'
import type { ApiParts } from './context.ts'
import { problem, problemReason } from './problem.ts'
import { fromStore } from './store-away.ts'

/** One recovery told from its evidence to its end, as JSON and as a page of text. */
export function storyRoutes(parts: ApiParts): readonly Route[] {
  return [
    { method: 'GET', pattern: '/api/v2/recoveries/:uid/story', answer: fromStore(async (_request, { uid = '' }) => answerOf(await storyOf(parts, uid), uid, json)) },
    { method: 'GET', pattern: '/api/v2/recoveries/:uid/story.md', answer: fromStore(async (_request, { uid = '' }) => answerOf(await storyOf(parts, uid), uid, asMarkdown)) },
  ]
}

async function storyOf({ operations, views }: ApiParts, uid: string): Promise<FailureStory | null> {
  const { store } = operations.parts
  const [row] = await store.recoveries.list({ page: 0, ...(/^\d{1,15}$/.test(uid) ? { id: Number(uid) } : { uid }) })
  if (row === undefined) return null
  const [steps, noticed] = await Promise.all([store.recoveries.steps(row.uid), row.detectionId === 0 ? [] : views.detections({ page: 0, id: row.detectionId })])
  const [detection] = noticed
  return failureStory(row, steps, {
    detection: detection === undefined ? null : { startedAt: detection.at, description: detection.description, key: row.key }, changes: detection?.changes ?? [],
  })
}

function answerOf(story: FailureStory | null, uid: string, shown: (story: FailureStory) => Answer): Answer {
  return story === null ? problem(problemReason('no-such-recovery', { uid }), 404) : shown(story)
}

function asMarkdown(story: FailureStory): Answer {
  const body = storyMarkdown(story, { words: englishStoryWords, say: text => text, stage: name => name, moment: at => new Date(at).toISOString() })
  return { status: 200, headers: { 'Content-Type': 'text/markdown; charset=utf-8', 'Content-Disposition': `inline; filename="recovery-${story.id}.md"` }, body }
}
