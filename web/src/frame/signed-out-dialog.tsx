import { Button, Modal } from '@mantine/core'
import { useQueryClient } from '@tanstack/react-query'
import { useEffect, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { client } from '../api/client.ts'
import { wakeLive } from '../live/live.ts'

/** Asks to sign in again, in another tab: this one stays as it is, with all that was typed in it, and goes on by itself. */
export function SignedOutDialog() {
  const { t } = useTranslation()
  const cache = useQueryClient()
  const [isClosed, setClosed] = useState(false)
  const [busy, setBusy] = useState(false)
  const [isStill, setStill] = useState(false)
  const again = async (): Promise<void> => {
    setBusy(true)
    try {
      cache.setQueryData(['me'], await client.me())
      wakeLive()
      await cache.invalidateQueries()
    } catch {
      // What it says is what the dialog is about: not signed in yet, or no answer.
      setStill(true)
    }
    setBusy(false)
  }
  useEffect(() => {
    const look = (): void => void again()
    addEventListener('focus', look)
    return () => removeEventListener('focus', look)
  })
  return (
    <Modal opened={!isClosed} onClose={() => setClosed(true)} size={420} centered zIndex={500} title={t('frame.signInAgain')} closeButtonProps={{ 'aria-label': t('state.close') }}>
      <div className="dialog">
        <p>{t('frame.signInAgainText')}</p>
        {isStill ? (
          <p className="ink-warning" role="status">
            {t('frameMore.stillSignedOut')}
          </p>
        ) : null}
        <div className="dialog-foot">
          <span className="grow" />
          <Button variant="default" loading={busy} onClick={() => void again()}>
            {t('frameMore.signedInAgain')}
          </Button>
          <Button component="a" href={document.baseURI} target="_blank" rel="noopener" data-autofocus>
            {t('frame.signIn')}
          </Button>
        </div>
      </div>
    </Modal>
  )
}
