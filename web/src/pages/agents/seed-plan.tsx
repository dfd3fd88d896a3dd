import { IconCircleCheck, IconCircleX, IconHelpCircle } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { queries } from '../../api/queries.ts'
import { bytesText } from './bytes.ts'
import { foreseeSeed } from './seed-foreseen.ts'

const signs = { good: [IconCircleCheck, 'ok'], bad: [IconCircleX, 'critical'], unknown: [IconHelpCircle, 'warning'] } as const

/** What would be erased and copied now, step by step, and what would stop it, as both agents tell. */
export function SeedPlan({ target, source }: { readonly target: string; readonly source: string }) {
  const { t } = useTranslation()
  const [first, second] = [useQuery(queries.agent(target)).data, useQuery(queries.agent(source)).data]
  if (first === undefined || second === undefined) return <p className="dim">{t('seeding.asking')}</p>
  const { checks, volume, erasedBytes, copiedBytes, roomBytes } = foreseeSeed(first, second)
  const size = (bytes: number | null): string => (bytes === null ? t('seeding.unknownSize') : bytesText(bytes))
  const words = { target, source, volume: volume ?? t('seeding.aVolume'), erased: size(erasedBytes), copied: size(copiedBytes), room: size(roomBytes) }
  return (
    <section aria-label={t('seeding.plan')}>
      <h3>{t('seeding.checks')}</h3>
      <ul className="seed-checks">
        {checks.map(({ name, result }) => {
          const [Icon, tone] = signs[result]
          return (
            <li key={name} className={`status-mark ink-${tone}`}>
              <Icon size={16} aria-hidden />
              {t(`seeding.${name}.${result}`, words)}
            </li>
          )
        })}
      </ul>
      <h3>{t('seeding.steps')}</h3>
      <ol className="seed-steps">
        {(['mount', 'erase', 'copy', 'after', 'unmount', 'start', 'discover'] as const).map(step => (
          <li key={step} {...(step === 'erase' ? { className: 'ink-critical strong' } : {})}>
            {t(`seeding.step.${step}`, words)}
          </li>
        ))}
      </ol>
      <p className="dim">{t('seeding.ifItFails', words)}</p>
    </section>
  )
}
