import type { ReactNode } from 'react'

/** A line across the page of a cluster: what happens, and what can be done about it. */
export function Banner({
  tone,
  icon,
  children,
  acts,
  isAlert = false,
}: {
  readonly tone: 'critical' | 'warning' | 'ok' | 'info'
  readonly icon: ReactNode
  readonly children: ReactNode
  readonly acts: ReactNode
  readonly isAlert?: boolean
}) {
  return (
    <div className={`banner tone-${tone}`} role={isAlert ? 'alert' : 'status'}>
      <span className={`ink-${tone}`} aria-hidden>
        {icon}
      </span>
      <div className="banner-body">{children}</div>
      {acts === null ? null : <div className="banner-acts">{acts}</div>}
    </div>
  )
}
