import { Button, Skeleton } from '@mantine/core'
import { IconAlertTriangle, IconRefresh } from '@tabler/icons-react'
import { Component, useEffect, useState, type ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { RequestFailure } from '../api/request.ts'
import { fullTime } from '../words/format.ts'
import { useSay } from '../words/say.ts'
import { CopyButton } from './copy.tsx'

/** Nothing for 200 ms, then the shape of what will come. */
export function Loading({ lines = 6 }: { readonly lines?: number }) {
  const { t } = useTranslation()
  const [shown, setShown] = useState(false)
  useEffect(() => {
    const timer = setTimeout(() => setShown(true), 200)
    return () => clearTimeout(timer)
  }, [])
  if (!shown) return null
  return (
    <div className="loading" role="status" aria-label={t('state.loading')}>
      {Array.from({ length: lines }, (_, line) => (
        <Skeleton key={line} height={line === 0 ? 30 : 44} width={line === 0 ? '30%' : '100%'} radius="md" />
      ))}
    </div>
  )
}

/** What failed, in one sentence, with a way out and everything a person needs to report it. */
export function Failure({ error, retry }: { readonly error: unknown; readonly retry?: () => void }) {
  const { t } = useTranslation()
  const say = useSay()
  const [open, setOpen] = useState(false)
  const failure = error instanceof RequestFailure ? error : null
  const title = failure?.status === 0 ? t('state.failedSilent') : failure?.status === 403 ? t('state.forbidden') : t('state.failed')
  const text = failure?.reason === null || failure === null ? (error instanceof Error ? error.message : String(error)) : say(failure.reason)
  const details =
    failure === null
      ? text
      : [`${t('state.status', { status: failure.status })}`, failure.address, text, fullTime(failure.at), failure.requestId ?? '']
          .filter(line => line !== '')
          .join('\n')
  return (
    <div className="notice critical" role="alert">
      <IconAlertTriangle size={20} aria-hidden />
      <div className="notice-body">
        <strong>{title}</strong>
        <span>{text}</span>
        {open ? <pre className="details">{details}</pre> : null}
        <div className="row">
          {retry === undefined ? null : (
            <Button size="xs" variant="default" leftSection={<IconRefresh size={14} />} onClick={retry}>
              {t('state.tryAgain')}
            </Button>
          )}
          <Button size="xs" variant="subtle" color="gray" aria-expanded={open} onClick={() => setOpen(!open)}>
            {t('state.details')}
          </Button>
          {open ? <CopyButton text={details} label={t('state.copy')} /> : null}
        </div>
      </div>
    </div>
  )
}

/** Why there is nothing, and what to do next. */
export function Empty({
  icon,
  title,
  text,
  children,
}: {
  readonly icon?: ReactNode
  readonly title: string
  readonly text?: string
  readonly children?: ReactNode
}) {
  return (
    <div className="empty">
      {icon}
      <h2>{title}</h2>
      {text === undefined ? null : <p>{text}</p>}
      {children === undefined ? null : <div className="row">{children}</div>}
    </div>
  )
}

interface BoundaryState {
  readonly error: Error | null
}

/** A part that fails must not take the page with it. */
export class Boundary extends Component<{ readonly children: ReactNode; readonly words: { readonly title: string; readonly text: string } }, BoundaryState> {
  override state: BoundaryState = { error: null }
  static getDerivedStateFromError = (error: Error): BoundaryState => ({ error })
  override render(): ReactNode {
    if (this.state.error === null) return this.props.children
    return (
      <div className="notice critical" role="alert">
        <IconAlertTriangle size={20} aria-hidden />
        <div className="notice-body">
          <strong>{this.props.words.title}</strong>
          <span>{this.props.words.text}</span>
          <pre className="details">{this.state.error.message}</pre>
        </div>
      </div>
    )
  }
}
