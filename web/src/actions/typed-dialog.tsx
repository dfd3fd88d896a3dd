import { Button, Modal, TextInput } from '@mantine/core'
import { useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { closeDialog, type TypedRequest } from './dialogs.ts'
import { runNow } from './run.ts'
import { useWhy } from './use-why.tsx'

/** An act that asks for a word: its button waits until the word is there, and Enter alone runs nothing. */
export function TypedDialog({ title, text, typed, runLabel, operation, input, done, waits, asksWhy }: TypedRequest) {
  const { t } = useTranslation()
  const cache = useQueryClient()
  const [word, setWord] = useState('')
  const { field, why, isGiven } = useWhy(asksWhy === true)
  const [busy, setBusy] = useState(false)
  const run = async (): Promise<void> => {
    setBusy(true)
    if (await runNow(cache, operation, input, done, waits === true, why)) closeDialog()
    setBusy(false)
  }
  return (
    <Modal opened onClose={closeDialog} size={480} centered title={title} closeButtonProps={{ 'aria-label': t('state.close') }}>
      <div className="dialog">
        <p>{text}</p>
        {field}
        <TextInput
          data-autofocus
          label={t('plan.typeName', { name: typed })}
          value={word}
          onChange={event => setWord(event.currentTarget.value)}
          autoComplete="off"
          spellCheck={false}
        />
        <div className="dialog-foot">
          <span className="grow" />
          <Button variant="default" onClick={closeDialog}>
            {t('state.cancel')}
          </Button>
          <Button color="red" loading={busy} disabled={word.trim() !== typed || !isGiven} onClick={() => void run()}>
            {runLabel}
          </Button>
        </div>
      </div>
    </Modal>
  )
}
