import { queryOptions, useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import type { DrawnServer, DrawnTree } from '../../../../src/model/recovery/drawn-tree.ts'
import type { FailureStory } from '../../../../src/model/recovery/failure-story.ts'
import { apiAddress } from '../../api/address.ts'
import { request } from '../../api/request.ts'
import { useNameOf } from '../../instance/names.ts'
import { Failure, Loading } from '../../ui/page-state.tsx'
import { failureStoryWords, type StoryPageWords } from '../../words/failure-story-words.ts'
import './story.css'

export const storyAddress = (uid: string, ending = ''): string => apiAddress(`recoveries/${encodeURIComponent(uid)}/story${ending}`)

export const storyOf = (uid: string) =>
  queryOptions({
    queryKey: ['recovery', uid, 'story'],
    queryFn: () => request<FailureStory>(storyAddress(uid)),
    // What runs is told further; what has ended stays as it is, but for who acknowledged it.
    refetchInterval: query => (query.state.data?.outcome === 'running' ? 2_000 : false),
  })

/** The topology of a recovery before and after, side by side. */
export function BeforeAndAfter({ uid }: { readonly uid: string }) {
  const { i18n } = useTranslation()
  const words = failureStoryWords(i18n.language)
  const story = useQuery(storyOf(uid))
  if (story.isPending) return <Loading />
  if (story.isError) return <Failure error={story.error} retry={() => void story.refetch()} />
  return (
    <div className="story-trees">
      <Tree title={words.before} tree={story.data.before} words={words} />
      <Tree title={words.after} tree={story.data.after} words={words} />
    </div>
  )
}

/** Who followed whom, as it was recorded. */
export function Tree({ title, tree, words }: { readonly title: string; readonly tree: DrawnTree | null; readonly words: StoryPageWords }) {
  return (
    <section>
      <h2>{title}</h2>
      {tree === null ? <p className="dim">{words.notRecorded}</p> : <Servers servers={tree.roots} words={words} />}
      {tree === null || tree.more === 0 ? null : (
        <p className="dim">
          … {tree.more} {words.more}
        </p>
      )}
    </section>
  )
}

function Servers({ servers, words }: { readonly servers: readonly DrawnServer[]; readonly words: StoryPageWords }) {
  const nameOf = useNameOf()
  return (
    <ul className="story-tree">
      {servers.map(({ key, state, replicas }) => (
        <li key={key}>
          <span className="mono" title={key}>
            {nameOf(key)}
          </span>{' '}
          <span className={state === 'unreachable' || state === 'not-following' ? 'ink-critical' : state === 'writable' ? 'ink-ok strong' : 'dim'}>{words.states[state]}</span>
          {replicas.length === 0 ? null : <Servers servers={replicas} words={words} />}
        </li>
      ))}
    </ul>
  )
}
