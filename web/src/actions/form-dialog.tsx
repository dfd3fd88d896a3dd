import { Button, Modal } from '@mantine/core'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { closeDialog } from './dialogs.ts'

interface Props {
  readonly title: string
  /** The button that sends, and Enter. */
  readonly runLabel: string
  readonly busy: boolean
  readonly run: () => Promise<void>
  /** Word of the other button where there is nothing left to be cancelled. */
  readonly closeLabel?: string
  readonly size?: number
  readonly children: ReactNode
}

/** A dialog that is filled in and sent. */
export function FormDialog({ title, runLabel, busy, run, closeLabel, size = 480, children }: Props) {
  const { t } = useTranslation()
  return (
    <Modal opened onClose={closeDialog} size={size} centered title={title} closeButtonProps={{ 'aria-label': t('state.close') }}>
      <form
        className="dialog"
        onSubmit={event => {
          event.preventDefault()
          void run()
        }}
      >
        {children}
        <div className="dialog-foot">
          <span className="grow" />
          <Button variant="default" onClick={closeDialog}>
            {closeLabel ?? t('state.cancel')}
          </Button>
          <Button type="submit" loading={busy}>
            {runLabel}
          </Button>
        </div>
      </form>
    </Modal>
  )
}
