import { Button } from '@mantine/core'
import { IconCircleX, IconCopy } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { Link, useParams } from '@tanstack/react-router'
import type { TFunction } from 'i18next'
import { useTranslation } from 'react-i18next'
import type { SeedEntry, SeedStep } from '../../../../src/contract/agents.ts'
import { openDialog } from '../../actions/dialogs.ts'
import { useMayAct } from '../../actions/may-act.ts'
import { queries } from '../../api/queries.ts'
import { useNow } from '../../ui/now.ts'
import { Empty, Loading } from '../../ui/page-state.tsx'
import { clock, fullTime, shortDuration } from '../../words/format.ts'
import { useTitle } from '../title.ts'
import { NotServed } from './not-served.tsx'
import { seedText } from './seed-words.ts'
import { SeedResult } from './seed-table.tsx'
import { Facts } from '../../ui/facts.tsx'

/** One copy of the data of a host: its steps with their times, live while it runs. */
export function SeedPage() {
  const { t } = useTranslation()
  const { id = '' } = useParams({ strict: false })
  const found = useQuery(queries.seed(id))
  const whyNot = useMayAct()
  useTitle(t('agents.seed', { seed: id }))
  const seed = found.data?.seed
  if (seed === null)
    return (
      <div className="page">
        <Empty icon={<IconCopy size={40} aria-hidden />} title={t('agents.noSeed', { seed: id })}>
          <Link to="/seeds" className="button-link">
            {t('agents.seeds')}
          </Link>
        </Empty>
      </div>
    )
  return (
    <div className="page">
      <div className="page-head">
        <h1>{t('agents.seed', { seed: id })}</h1>
        {seed === undefined ? null : <SeedResult seed={seed} />}
        <span className="grow" />
        <Link to="/seeds" className="button-link">
          {t('agents.seeds')}
        </Link>
        {seed === undefined || seed.isComplete ? null : (
          <Button size="xs" color="red" variant="default" disabled={whyNot !== null} {...(whyNot === null ? {} : { title: whyNot })} onClick={() => askToEnd(seed, t)}>
            {t('agents.act.abort')}
          </Button>
        )}
      </div>
      {found.isPending ? <Loading /> : null}
      {found.isError ? <NotServed error={found.error} retry={() => void found.refetch()} /> : null}
      {seed === undefined ? null : (
        <section className="fact-card">
          <Facts
            facts={[
              [t('agents.target'), <AgentLink key="target" host={seed.target} />],
              [t('agents.from'), <AgentLink key="source" host={seed.source} />],
              [t('agents.started'), fullTime(seed.startedAt)],
              [t('agents.ended'), seed.endedAt === null ? '–' : fullTime(seed.endedAt)],
            ]}
          />
        </section>
      )}
      {found.data === undefined || seed === undefined ? null : <Steps seed={seed} steps={found.data.steps} />}
    </div>
  )
}

const AgentLink = ({ host }: { readonly host: string }) => (
  <Link to="/agent/$host" params={{ host }} className="mono">
    {host}
  </Link>
)

function askToEnd(seed: SeedEntry, t: TFunction): void {
  openDialog({
    kind: 'typed',
    request: {
      title: t('agents.ask.abortTitle', { seed: seed.id }),
      text: t('agents.ask.abortText', { host: seed.target }),
      typed: seed.target,
      runLabel: t('agents.ask.abortTitle', { seed: seed.id }).replace(/[?？]$/, ''),
      operation: 'agent-abort-seed',
      input: { seedId: seed.id },
      done: t('agents.ask.abortDone', { seed: seed.id }),
      waits: true,
    },
  })
}

/** A text of the record, in the language of the page where somebody has put it into words. */
function Written({ text }: { readonly text: string }) {
  const { i18n } = useTranslation()
  const words = seedText(text, i18n.language)
  return words === null ? <span lang="en">{text}</span> : <span title={text}>{words}</span>
}

/** Each step lasts until the next one begins, the last until the end of the seed: a bar each on one axis, and what went wrong where it did. */
function Steps({ seed, steps }: { readonly seed: SeedEntry; readonly steps: readonly SeedStep[] }) {
  const { t } = useTranslation()
  const now = useNow()
  const end = Math.max(seed.endedAt ?? now, seed.startedAt + 1)
  const percent = (from: number, to: number): string => `${Math.max(0, Math.min(100, ((to - from) / (end - seed.startedAt)) * 100))}%`
  return (
    <figure className="timeline" aria-label={t('seeding.timeline')}>
      <ol>
        {steps.map((step, index) => {
          const until = Math.max(step.at, steps[index + 1]?.at ?? end)
          return (
            <li key={step.id} className={step.error === '' ? undefined : 'has-failed'}>
              <div className="seed-step">
                <span className="mono dim" title={fullTime(step.at)}>
                  {clock(step.at)}
                </span>
                <span className="seed-step-says">
                  <Written text={step.action} />
                  {step.error === '' ? null : (
                    <span className="status-mark ink-critical">
                      <IconCircleX size={15} aria-hidden />
                      <Written text={step.error} />
                    </span>
                  )}
                </span>
                <span className="timeline-track" aria-hidden>
                  <span
                    className={!seed.isComplete && index === steps.length - 1 ? 'timeline-bar is-open' : 'timeline-bar'}
                    style={{ left: percent(seed.startedAt, step.at), width: percent(step.at, until) }}
                  />
                </span>
                <span className="timeline-took">{shortDuration(until - step.at)}</span>
              </div>
            </li>
          )
        })}
      </ol>
    </figure>
  )
}
