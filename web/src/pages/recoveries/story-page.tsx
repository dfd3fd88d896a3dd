import { Button } from '@mantine/core'
import { IconPrinter } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { Link, useParams } from '@tanstack/react-router'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { failures } from '../../../../src/model/analysis/failures.ts'
import type { FailureStory, StoryLine } from '../../../../src/model/recovery/failure-story.ts'
import { seconds, storyMarkdown } from '../../../../src/model/recovery/story-markdown.ts'
import { RequestFailure } from '../../api/request.ts'
import { useNameOf } from '../../instance/names.ts'
import { CopyButton } from '../../ui/copy.tsx'
import { Empty, Failure, Loading } from '../../ui/page-state.tsx'
import { failureStoryWords, type StoryPageWords } from '../../words/failure-story-words.ts'
import { findingTitles } from '../../words/findings.ts'
import { clockMilliseconds, fullTime } from '../../words/format.ts'
import { useStoryWords } from '../../words/story-words.ts'
import { useTitle } from '../title.ts'
import { Tree, storyAddress, storyOf } from './story-tree.tsx'
import { useServerNames } from './use-server-names.ts'
import './story.css'
import { Facts } from '../../ui/facts.tsx'

/** One recovery told from its evidence to its end, on one page that can be printed or sent. */
export function StoryPage() {
  const { uid = '' } = useParams({ strict: false })
  const { t, i18n } = useTranslation()
  const words = failureStoryWords(i18n.language)
  const story = useQuery(storyOf(uid))
  useTitle(words.story, `#${story.data?.id ?? uid}`)
  const isUnknown = story.error instanceof RequestFailure && story.error.status === 404
  return (
    <div className="page story">
      {story.isPending ? <Loading /> : null}
      {isUnknown ? <Empty title={t('state.recoveryNotFound', { id: uid })} /> : null}
      {story.isError && !isUnknown ? <Failure error={story.error} retry={() => void story.refetch()} /> : null}
      {story.data === undefined ? null : <Told story={story.data} words={words} />}
    </div>
  )
}

const descriptions: ReadonlyMap<string, string> = new Map(failures.map(({ code, says }) => [code, says]))

function Told({ story, words }: { readonly story: FailureStory; readonly words: StoryPageWords }) {
  const { i18n } = useTranslation()
  const recorded = useStoryWords()
  const nameOf = useNameOf()
  useServerNames(story.cluster)
  /** Codes and descriptions of failures in a few words of ours; all else as the record of the recovery is said. */
  const say = (text: string): string => {
    const code = descriptions.get(story.code) === text ? story.code : text
    const title = findingTitles[code]?.[i18n.language === 'zh' ? 1 : 0]
    return title === undefined ? recorded.message(text) : code === text ? `${text}: ${title}` : title
  }
  const markdown = storyMarkdown(story, { words, say, stage: recorded.stage, moment: fullTime })
  const { times } = story
  const since = (at: number): string => `${clockMilliseconds(at)} (+${seconds(at - times.startedAt)})`
  const facts: readonly (readonly [string, ReactNode])[] = [
    [words.cluster, story.cluster],
    [words.failed, <span className="mono">{nameOf(story.failed)}</span>],
    [words.successor, story.successor === null ? words.nobody : <span className="mono">{nameOf(story.successor)}</span>],
    [words.asked, story.command === '' ? words.automatic : `${story.startedBy} ${story.command}`.trim()],
    [words.manager, story.node],
    ...(times.detectedAt === null ? [] : [[words.detected, clockMilliseconds(times.detectedAt)] as const]),
    [words.started, fullTime(times.startedAt)],
    ...(times.writableAt === null ? [] : [[words.writable, since(times.writableAt)] as const]),
    ...(times.endedAt === null ? [] : [[words.ended, since(times.endedAt)] as const]),
    ...(story.acknowledged === null ? [] : [[words.acknowledged, `${fullTime(story.acknowledged.at)} ${story.acknowledged.by}: ${say(story.acknowledged.comment)}`] as const]),
  ]
  return (
    <article>
      <div className="page-head">
        <h1>
          {words.title} #{story.id}: {story.code}, {story.cluster}
        </h1>
        <span className={story.outcome === 'failed' ? 'ink-critical' : story.outcome === 'running' ? 'ink-info' : 'ink-ok'}>{words.outcomes[story.outcome]}</span>
        <span className="grow" />
        <div className="row story-ways">
          <Link to="/audit-recovery/uid/$uid" params={{ uid: story.uid }} className="button-link">
            {words.record}
          </Link>
          <CopyButton text={location.href} label={words.copyLink} />
          <CopyButton text={markdown} label={words.copyMarkdown} />
          <a className="button-link" href={storyAddress(story.uid, '.md')}>
            Markdown
          </a>
          <a className="button-link" href={storyAddress(story.uid)}>
            JSON
          </a>
          <Button size="xs" variant="default" leftSection={<IconPrinter size={14} aria-hidden />} onClick={() => window.print()}>
            {words.print}
          </Button>
        </div>
      </div>
      <Facts className="facts-line" facts={facts} />
      <div className="story-trees">
        <Tree title={words.before} tree={story.before} words={words} />
        <Tree title={words.after} tree={story.after} words={words} />
      </div>
      <Lines title={words.evidence} lines={story.evidence} words={words} say={say} />
      <Lines title={words.decisions} lines={story.decisions} words={words} say={say} />
      <h2>{words.steps}</h2>
      {story.steps.length === 0 ? <p className="dim">{words.nothing}</p> : <Steps story={story} words={words} say={say} stage={recorded.stage} />}
      <Sentences title={words.atRisk} sentences={story.atRisk} none={words.notRecorded} say={say} />
      <Sentences title={words.lostReplicas} sentences={story.lostReplicas} none={words.nothing} say={nameOf} />
      {story.errors.length === 0 ? null : <Sentences title={words.errors} sentences={story.errors} none={words.nothing} say={say} />}
      <p className="dim story-made-of">{words.madeOf}</p>
    </article>
  )
}

interface Said {
  readonly words: StoryPageWords
  readonly say: (text: string) => string
}

function Lines({ title, lines, words, say }: Said & { readonly title: string; readonly lines: readonly StoryLine[] }) {
  const nameOf = useNameOf()
  return (
    <section>
      <h2>{title}</h2>
      {lines.length === 0 ? <p className="dim">{words.nothing}</p> : null}
      <ul className="story-lines">
        {lines.map((line, index) => (
          <li key={`${line.at} ${index}`}>
            <span className="mono dim">{clockMilliseconds(line.at)}</span> {line.server === null ? null : <span className="mono">{nameOf(line.server)}</span>}{' '}
            {line.outcome === 'failed' ? <strong className="ink-critical">{words.failedMark} </strong> : null}
            {say(line.says)}
          </li>
        ))}
      </ul>
    </section>
  )
}

function Steps({ story, words, say, stage }: Said & { readonly story: FailureStory; readonly stage: (name: string) => string }) {
  const nameOf = useNameOf()
  return (
    <div className="table-scroll" tabIndex={0} role="region" aria-label={words.steps}>
      <table className="table compact">
        <thead>
          <tr>
            {words.columns.map(name => (
              <th scope="col" key={name}>
                {name}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {story.steps.map((step, index) => (
            <tr key={`${step.at} ${index}`}>
              <td className="mono story-time">+{seconds(step.afterMilliseconds)}</td>
              <td className="mono story-time">{step.tookMilliseconds === null ? '' : seconds(step.tookMilliseconds)}</td>
              <td>{stage(step.stage)}</td>
              <td className="mono">{step.server === null ? '' : nameOf(step.server)}</td>
              <td className={step.outcome === 'failed' ? 'ink-critical' : undefined}>
                {step.outcome === 'failed' ? <strong>{words.failedMark} </strong> : null}
                {say(step.says)}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  )
}

function Sentences({ title, sentences, none, say }: { readonly title: string; readonly sentences: readonly string[] | null; readonly none: string; readonly say: Said['say'] }) {
  return (
    <section>
      <h2>{title}</h2>
      {sentences === null || sentences.length === 0 ? <p className="dim">{none}</p> : null}
      <ul className="story-lines">
        {(sentences ?? []).map(text => (
          <li key={text}>{say(text)}</li>
        ))}
      </ul>
    </section>
  )
}
