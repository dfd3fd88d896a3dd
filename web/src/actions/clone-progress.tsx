import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import type { CloneProgress } from '../../../src/model/recovery/clone-progress.ts'
import { queries } from '../api/queries.ts'
import { useNameOf } from '../instance/names.ts'
import { number } from '../words/format.ts'

const megabyte = 1_000_000

/** How far a server is that gets the data of another one, as it counts itself; asked every second while this is shown. */
export function CloneProgressBar({ server }: { readonly server: string }) {
  const { t } = useTranslation()
  const nameOf = useNameOf()
  const { data: progress, isError, isPending } = useQuery(queries.cloneProgress(server))
  if (isPending) return null
  // While it restarts nothing can be asked; where it may not be asked the steps of the plan tell enough.
  if (isError || progress === null || progress === undefined) return <p className="dim">{t('clone.silent', { server: nameOf(server) })}</p>
  const { stages, donor, state } = progress
  const [done, all] = [sum(stages, ({ bytesDone }) => bytesDone), sum(stages, ({ bytesEstimated, bytesDone }) => Math.max(bytesEstimated, bytesDone))]
  const current = stages.find(stage => stage.state === 'In Progress')
  if (state === 'None' || state === 'Not Started') return <p className="dim">{t('clone.begins', { server: nameOf(server) })}</p>
  const words = { server: nameOf(server), donor: nameOf(donor), done: megabytes(done), all: megabytes(all) }
  return (
    <div className="clone-progress">
      <p>{current === undefined ? t('clone.progress', words) : t('clone.stage', { ...words, stage: current.stage })}</p>
      <progress max={Math.max(all, 1)} value={done} aria-label={t('clone.label', words)} />
    </div>
  )
}

const sum = (stages: CloneProgress['stages'], of: (stage: CloneProgress['stages'][number]) => number): number => stages.reduce((total, stage) => total + of(stage), 0)
const megabytes = (bytes: number): string => number(Math.round((bytes / megabyte) * 10) / 10)
